-- The reports that CRAT keeps. Their files lie in DATA_DIR/reports.
CREATE TABLE "report_archives" (
    "run_id" INTEGER NOT NULL,
    "state" TEXT NOT NULL,
    "source" TEXT,
    "folder" TEXT,
    "entry" TEXT,
    "files" INTEGER NOT NULL DEFAULT 0,
    "bytes" BIGINT NOT NULL DEFAULT 0,
    "cut" BOOLEAN NOT NULL DEFAULT false,
    "error_key" TEXT,
    "error_params" JSONB,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "kept_at" TIMESTAMPTZ(3),

    CONSTRAINT "report_archives_pkey" PRIMARY KEY ("run_id"),
    CONSTRAINT "report_archives_run_id_fkey" FOREIGN KEY ("run_id") REFERENCES "deploy_test_runs"("id")
        ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE INDEX "report_archives_kept_at_idx" ON "report_archives"("kept_at");
