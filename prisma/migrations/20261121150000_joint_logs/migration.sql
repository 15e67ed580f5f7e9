-- A run in several environments has a log in each.
ALTER TABLE "run_logs" ADD COLUMN "position" INTEGER NOT NULL DEFAULT 0;
ALTER TABLE "run_logs" DROP CONSTRAINT "run_logs_pkey", ADD CONSTRAINT "run_logs_pkey" PRIMARY KEY ("run_id", "position");
