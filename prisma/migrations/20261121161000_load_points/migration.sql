-- A load test as it went, and what came of it.
CREATE TABLE "load_points" (
    "run_id" INTEGER NOT NULL,
    "position" INTEGER NOT NULL DEFAULT 0,
    "nth" INTEGER NOT NULL,
    "t" DOUBLE PRECISION NOT NULL,
    "users_planned" DOUBLE PRECISION NOT NULL,
    "users" DOUBLE PRECISION NOT NULL,
    "rps" DOUBLE PRECISION NOT NULL,
    "p95_ms" DOUBLE PRECISION,
    "errors" DOUBLE PRECISION NOT NULL,
    "received_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "load_points_pkey" PRIMARY KEY ("run_id", "position", "nth"),
    CONSTRAINT "load_points_run_id_fkey" FOREIGN KEY ("run_id") REFERENCES "deploy_test_runs"("id")
        ON DELETE CASCADE ON UPDATE CASCADE
);
ALTER TABLE "deploy_test_runs" ADD COLUMN "load" JSONB;
