CREATE TYPE "run_trigger" AS ENUM ('person', 'token', 'build', 'schedule', 'retry', 'upload');

ALTER TABLE "deploy_test_runs" ADD COLUMN "trigger" "run_trigger" NOT NULL DEFAULT 'person';

UPDATE "deploy_test_runs" SET "trigger" = 'token' WHERE "triggered_by" LIKE 'token:%';
UPDATE "deploy_test_runs" SET "trigger" = 'retry' WHERE "retry_of" IS NOT NULL;
