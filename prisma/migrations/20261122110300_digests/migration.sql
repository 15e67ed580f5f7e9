CREATE TABLE "digest_subscriptions" (
    "id" SERIAL NOT NULL,
    "email" TEXT NOT NULL,
    "all_items" BOOLEAN NOT NULL DEFAULT false,
    "locale" TEXT NOT NULL DEFAULT 'en',
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "digest_subscriptions_pkey" PRIMARY KEY ("id")
);

CREATE UNIQUE INDEX "digest_subscriptions_email_key" ON "digest_subscriptions"("email");

ALTER TABLE "channels" ADD COLUMN "digest_left" TEXT[] NOT NULL DEFAULT ARRAY[]::TEXT[];

-- The first one is sent at the next time that the settings say.
INSERT INTO "timetable" ("name", "taken_for") VALUES ('weekly digest', now() - interval '6 days') ON CONFLICT DO NOTHING;
