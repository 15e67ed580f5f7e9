-- Whether a run's tests are in item_tests. Those of earlier versions are counted in the background, one run at a time.
-- After the figures of days, which take long, so that it locks the table for a moment only. It may be there already.
ALTER TABLE "test_comparisons" ADD COLUMN IF NOT EXISTS "counted" BOOLEAN NOT NULL DEFAULT false;
