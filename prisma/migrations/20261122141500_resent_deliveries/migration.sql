-- When an admin last sent it again: what is given up after some days counts from then.
ALTER TABLE "notifications" ADD COLUMN IF NOT EXISTS "resent_at" TIMESTAMPTZ(3);
