-- After the columns, so that they lock the table of runs for a moment only. It may be done already.
ALTER TABLE "deploy_test_runs" VALIDATE CONSTRAINT "deploy_test_runs_environment_id_fkey";

-- Runs that ended before they were in an environment.
UPDATE "deploy_test_runs" SET "environment_name" = NULL, "environment_id" = NULL
    WHERE "started_at" IS NULL AND "status" IN ('FAILED', 'CANCELLED') AND "environment_id" IS NOT NULL;
