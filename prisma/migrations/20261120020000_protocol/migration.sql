-- What the run's test server said it can do, asked once before the submit.
ALTER TABLE "deploy_test_runs"
  ADD COLUMN "test_server_protocol" INTEGER NOT NULL DEFAULT 1,
  ADD COLUMN "test_server_features" TEXT[] NOT NULL DEFAULT ARRAY[]::TEXT[];

-- The log of a run's task.
CREATE TABLE "run_logs" (
  "run_id" INTEGER NOT NULL,
  "next_offset" BIGINT NOT NULL,
  "text" TEXT NOT NULL,
  "eof" BOOLEAN NOT NULL,
  "cut" BOOLEAN NOT NULL,

  CONSTRAINT "run_logs_pkey" PRIMARY KEY ("run_id"),
  CONSTRAINT "run_logs_run_id_fkey" FOREIGN KEY ("run_id") REFERENCES "deploy_test_runs"("id")
    ON DELETE CASCADE ON UPDATE CASCADE
);
