-- Who may trigger an item. Empty: everyone who is logged in.
ALTER TABLE "test_items" ADD COLUMN "allowed_triggerers" TEXT[] NOT NULL DEFAULT ARRAY[]::TEXT[];
