CREATE TYPE "run_trigger" AS ENUM ('person', 'token', 'build', 'schedule', 'retry', 'upload');

ALTER TABLE "deploy_test_runs" ADD COLUMN "trigger" "run_trigger" NOT NULL DEFAULT 'person';

-- A job fills those that are finished, a few at a time: all at once would keep others from them.
UPDATE "deploy_test_runs"
SET "trigger" = CASE WHEN "retry_of" IS NULL THEN 'token' ELSE 'retry' END::"run_trigger"
WHERE "status" IN ('PENDING', 'DOWNLOADING', 'DOWNLOADED', 'TESTING', 'MONITORING')
  AND ("triggered_by" LIKE 'token:%' OR "retry_of" IS NOT NULL);
