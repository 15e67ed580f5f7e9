-- What is known of each test of an item, over its runs: reading it from the results of all runs would take seconds.
CREATE TABLE "item_tests" (
    "test_item_id" INTEGER NOT NULL,
    "test_key" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "suite" TEXT NOT NULL,
    "last_status" "test_status" NOT NULL,
    "last_run_id" INTEGER NOT NULL,
    "runs" INTEGER NOT NULL,
    "passes" INTEGER NOT NULL,
    "failures" INTEGER NOT NULL,
    "first_failed_run_id" INTEGER,
    "last_flaky_run_id" INTEGER,

    CONSTRAINT "item_tests_pkey" PRIMARY KEY ("test_item_id", "test_key"),
    CONSTRAINT "item_tests_test_item_id_fkey" FOREIGN KEY ("test_item_id") REFERENCES "test_items"("id")
        ON DELETE CASCADE ON UPDATE CASCADE
) WITH (fillfactor = 70);

-- The figures of an item's runs that ended on a day (UTC). They outlive the runs.
CREATE TABLE "run_days" (
    "test_item_id" INTEGER NOT NULL,
    "day" DATE NOT NULL,
    "runs" INTEGER NOT NULL DEFAULT 0,
    "passed" INTEGER NOT NULL DEFAULT 0,
    "failed" INTEGER NOT NULL DEFAULT 0,
    "errors" INTEGER NOT NULL DEFAULT 0,
    "tests_passed" BIGINT NOT NULL DEFAULT 0,
    "tests_failed" BIGINT NOT NULL DEFAULT 0,
    "duration_ms" BIGINT NOT NULL DEFAULT 0,
    "timed" INTEGER NOT NULL DEFAULT 0,
    "wait_ms" BIGINT NOT NULL DEFAULT 0,
    "waited" INTEGER NOT NULL DEFAULT 0,
    "report_ms" BIGINT NOT NULL DEFAULT 0,
    "reported" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "run_days_pkey" PRIMARY KEY ("test_item_id", "day"),
    CONSTRAINT "run_days_test_item_id_fkey" FOREIGN KEY ("test_item_id") REFERENCES "test_items"("id")
        ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE INDEX "run_days_day_idx" ON "run_days"("day");

INSERT INTO "run_days" ("test_item_id", "day", "runs", "passed", "failed", "errors", "tests_passed", "tests_failed",
    "duration_ms", "timed", "wait_ms", "waited", "report_ms", "reported")
    SELECT "test_item_id", ("finished_at" AT TIME ZONE 'UTC')::date, count(*),
        count(*) FILTER (WHERE "outcome" = 'passed'),
        count(*) FILTER (WHERE "outcome" = 'failed'),
        count(*) FILTER (WHERE "status" = 'FAILED'),
        coalesce(sum(("summary"->>'passed')::int), 0),
        coalesce(sum(("summary"->>'failed')::int + ("summary"->>'broken')::int), 0),
        coalesce(sum(1000 * extract(epoch FROM "finished_at" - "started_at"))
            FILTER (WHERE "status" IN ('COMPLETED', 'DEPLOY_COMPLETE')), 0)::bigint,
        count("started_at") FILTER (WHERE "status" IN ('COMPLETED', 'DEPLOY_COMPLETE')),
        coalesce(sum(1000 * extract(epoch FROM "started_at" - "created_at")), 0)::bigint,
        count("started_at"),
        coalesce(sum(1000 * extract(epoch FROM "finished_at" - "announced_at")) FILTER (WHERE "is_first"), 0)::bigint,
        count("announced_at") FILTER (WHERE "is_first")
    FROM (
        SELECT run.*, build."created_at" AS "announced_at",
            run."summary" IS NOT NULL AND row_number() OVER (
                PARTITION BY run."test_item_id", run."build_info_id", run."summary" IS NOT NULL ORDER BY run."id"
            ) = 1 AS "is_first"
        FROM "deploy_test_runs" run LEFT JOIN "build_info" build ON build."id" = run."build_info_id"
        WHERE run."finished_at" IS NOT NULL AND run."status" <> 'CANCELLED'
    ) AS run
    GROUP BY 1, 2;
