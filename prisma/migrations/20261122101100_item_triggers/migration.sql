ALTER TABLE "test_items"
    ADD COLUMN "trigger_on_build" BOOLEAN NOT NULL DEFAULT false,
    ADD COLUMN "schedule" TEXT,
    ADD COLUMN "schedule_timezone" TEXT NOT NULL DEFAULT 'UTC',
    ADD COLUMN "schedule_next_at" TIMESTAMPTZ(3);
