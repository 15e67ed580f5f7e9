CREATE TYPE "delivery_kind" AS ENUM ('mail', 'webhook', 'slack', 'dingtalk', 'wecom', 'feishu', 'callback');

-- Where messages go beside the mail to a person. Addresses and secrets are sealed.
CREATE TABLE "channels" (
  "id" SERIAL NOT NULL,
  "name" TEXT NOT NULL,
  "kind" "delivery_kind" NOT NULL,
  "enabled" BOOLEAN NOT NULL DEFAULT true,
  "events" TEXT[] NOT NULL DEFAULT ARRAY[]::TEXT[],
  "test_item_ids" INTEGER[] NOT NULL DEFAULT ARRAY[]::INTEGER[],
  "language" TEXT NOT NULL DEFAULT 'en',
  "url" TEXT,
  "secret" TEXT,
  "recipients" TEXT[] NOT NULL DEFAULT ARRAY[]::TEXT[],
  "next_send_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

  CONSTRAINT "channels_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "channels_name_key" ON "channels" ("name");

-- The outbox carries deliveries of every kind.
ALTER TABLE "notifications"
  ADD COLUMN "kind" "delivery_kind" NOT NULL DEFAULT 'mail',
  ADD COLUMN "event" TEXT,
  ADD COLUMN "channel_id" INTEGER,
  ADD COLUMN "payload" JSONB,
  ADD COLUMN "next_try_at" TIMESTAMPTZ(3);
ALTER TABLE "notifications" ADD CONSTRAINT "notifications_channel_id_fkey"
  FOREIGN KEY ("channel_id") REFERENCES "channels" ("id") ON DELETE SET NULL ON UPDATE CASCADE NOT VALID;
