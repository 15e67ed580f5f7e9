CREATE TABLE "watches" (
    "id" SERIAL NOT NULL,
    "email" TEXT NOT NULL,
    "test_item_id" INTEGER,
    "run_id" INTEGER,
    "locale" TEXT NOT NULL DEFAULT 'en',
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "watches_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "watches_test_item_id_fkey" FOREIGN KEY ("test_item_id") REFERENCES "test_items"("id") ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "watches_run_id_fkey" FOREIGN KEY ("run_id") REFERENCES "deploy_test_runs"("id") ON DELETE CASCADE ON UPDATE CASCADE
);

CREATE UNIQUE INDEX "watches_email_test_item_id_key" ON "watches"("email", "test_item_id");
CREATE UNIQUE INDEX "watches_email_run_id_key" ON "watches"("email", "run_id");
CREATE INDEX "watches_test_item_id_idx" ON "watches"("test_item_id");
CREATE INDEX "watches_run_id_idx" ON "watches"("run_id");

ALTER TABLE "test_items" ADD COLUMN "notify_build_author" BOOLEAN NOT NULL DEFAULT false;
ALTER TABLE "notifications" ADD COLUMN "unsubscribe_url" TEXT;
