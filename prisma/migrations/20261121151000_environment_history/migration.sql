-- Runs that had ended before there were environments were in `default`: what that one did is known as well.
INSERT INTO "run_environments"
    ("run_id", "attempt", "environment_id", "environment_name", "test_server_url", "protocol", "features", "status",
     "outcome", "submit_started_at", "submitted_at", "task_id", "report_url", "error_message", "error_key", "error_params",
     "started_at", "ended_at", "released_at")
    SELECT "id", "attempt", "environment_id", "environment_name", "test_server_url", "test_server_protocol",
        "test_server_features", "status", "outcome", "submit_started_at", "submitted_at", "task_id", "report_url",
        "error_message", "error_key", "error_params", "started_at", "finished_at", "finished_at"
    FROM "deploy_test_runs" run
    WHERE "environment_name" IS NOT NULL AND "started_at" IS NOT NULL AND "finished_at" IS NOT NULL
        AND NOT EXISTS (SELECT FROM "run_environments" WHERE "run_id" = run."id");

-- For how busy an environment was in the last week.
CREATE INDEX "run_environments_until_idx" ON "run_environments"((coalesce("released_at", "ended_at")));
