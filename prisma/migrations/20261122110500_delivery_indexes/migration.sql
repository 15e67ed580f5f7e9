-- After the column, so that it locks the outbox for a moment only. It may be done already.
ALTER TABLE "notifications" VALIDATE CONSTRAINT "notifications_channel_id_fkey";
