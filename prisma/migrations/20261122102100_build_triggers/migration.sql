CREATE TABLE "build_triggers" (
    "build_id" INTEGER NOT NULL,
    "test_item_id" INTEGER NOT NULL,

    CONSTRAINT "build_triggers_pkey" PRIMARY KEY ("build_id", "test_item_id")
);

CREATE INDEX "test_items_triggered_on_build" ON "test_items"("associated_job_name") WHERE "trigger_on_build";
