-- Test items that someone keeps on top of their page.
CREATE TABLE "test_item_pins" (
  "email" TEXT NOT NULL,
  "test_item_id" INTEGER NOT NULL,
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT "test_item_pins_pkey" PRIMARY KEY ("email", "test_item_id")
);

CREATE INDEX "test_item_pins_test_item_id_idx" ON "test_item_pins"("test_item_id");

ALTER TABLE "test_item_pins" ADD CONSTRAINT "test_item_pins_test_item_id_fkey"
  FOREIGN KEY ("test_item_id") REFERENCES "test_items"("id") ON DELETE CASCADE ON UPDATE CASCADE;
