-- Versioned bundles of test scripts. The files lie in DATA_DIR, named by their hash.
CREATE TABLE "script_bundles" (
    "id" SERIAL NOT NULL,
    "name" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "sha256" TEXT NOT NULL,
    "size" INTEGER NOT NULL,
    "files" JSONB NOT NULL,
    "created_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "script_bundles_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "script_bundles_name_version_key" ON "script_bundles"("name", "version");
CREATE UNIQUE INDEX "script_bundles_name_sha256_key" ON "script_bundles"("name", "sha256");
CREATE INDEX "script_bundles_sha256_idx" ON "script_bundles"("sha256");

-- Which of them an item is tested with, and what a run was triggered with.
ALTER TABLE "test_items" ADD COLUMN "script_bundle" TEXT, ADD COLUMN "script_bundle_version" INTEGER;
ALTER TABLE "deploy_test_runs" ADD COLUMN "script_bundle" TEXT,
    ADD COLUMN "script_bundle_version" INTEGER,
    ADD COLUMN "scripts_sha256" TEXT;
