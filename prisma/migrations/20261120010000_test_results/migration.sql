-- CreateEnum
CREATE TYPE "test_status" AS ENUM ('passed', 'failed', 'broken', 'skipped', 'unknown');

-- CreateEnum
CREATE TYPE "test_change" AS ENUM ('new_failure', 'still_failing', 'fixed');

-- CreateTable
CREATE TABLE "test_comparisons" (
    "run_id" INTEGER NOT NULL,
    "previous_run_id" INTEGER,
    "new_failures" INTEGER NOT NULL,
    "still_failing" INTEGER NOT NULL,
    "fixed" INTEGER NOT NULL,
    "flaky" INTEGER NOT NULL,

    CONSTRAINT "test_comparisons_pkey" PRIMARY KEY ("run_id")
);

-- CreateTable
CREATE TABLE "test_results" (
    "run_id" INTEGER NOT NULL,
    "position" INTEGER NOT NULL,
    "test_key" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "suite" TEXT NOT NULL,
    "status" "test_status" NOT NULL,
    "change" "test_change",
    "flaky" BOOLEAN NOT NULL,
    "duration_ms" DOUBLE PRECISION,
    "retries" INTEGER NOT NULL,
    "message" TEXT,
    "trace" TEXT,

    CONSTRAINT "test_results_pkey" PRIMARY KEY ("run_id","position")
);

-- CreateIndex
CREATE INDEX "test_results_test_key_run_id_idx" ON "test_results"("test_key", "run_id");

-- AddForeignKey
ALTER TABLE "test_comparisons" ADD CONSTRAINT "test_comparisons_run_id_fkey" FOREIGN KEY ("run_id") REFERENCES "deploy_test_runs"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "test_results" ADD CONSTRAINT "test_results_run_id_fkey" FOREIGN KEY ("run_id") REFERENCES "deploy_test_runs"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- Few of many: what fails, has changed or is flaky. Comparisons and pages read nothing else.
CREATE INDEX "test_results_told" ON "test_results"("run_id", "position")
    WHERE "status" IN ('failed', 'broken') OR "change" IS NOT NULL OR "flaky";
