-- After the columns, so that they lock the outbox for a moment only. All may be there already.
ALTER TABLE "notifications" VALIDATE CONSTRAINT "notifications_channel_id_fkey";
CREATE INDEX IF NOT EXISTS "notifications_channel_id_id_idx" ON "notifications" ("channel_id", "id" DESC);
-- What waits for the workers. The mail queue itself knows when mails are due.
CREATE INDEX IF NOT EXISTS "notifications_due_idx" ON "notifications" ("next_try_at") WHERE "status" = 'waiting' AND "kind" <> 'mail';
