-- After the columns, so that they lock the table of runs for a moment only. Both may be there already.
ALTER TABLE "deploy_test_runs" VALIDATE CONSTRAINT "deploy_test_runs_environment_id_fkey";
CREATE INDEX IF NOT EXISTS "deploy_test_runs_environment_id_id_idx" ON "deploy_test_runs"("environment_id", "id" DESC);
