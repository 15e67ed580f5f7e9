-- Several sessions for one address, and how each was opened.
DROP INDEX "user_sessions_email_key";
ALTER TABLE "user_sessions" ADD COLUMN "method" TEXT NOT NULL DEFAULT 'email';
UPDATE "user_sessions" SET "method" = 'password' WHERE "is_admin";
CREATE INDEX "user_sessions_email_idx" ON "user_sessions"("email");

-- A link works only in the browser that asked for it: links that were mailed before are void.
DELETE FROM "login_links";
ALTER TABLE "login_links"
    ADD COLUMN "browser_hash" TEXT NOT NULL,
    ADD COLUMN "ip" TEXT,
    ADD COLUMN "next" TEXT NOT NULL DEFAULT '';

-- Failed logins of one account or from one address, for all processes.
CREATE TABLE "login_attempts" (
    "key" TEXT NOT NULL,
    "failures" INTEGER NOT NULL DEFAULT 1,
    "last_failed_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "blocked_until" TIMESTAMPTZ(3),

    CONSTRAINT "login_attempts_pkey" PRIMARY KEY ("key")
);

-- A one-time code that was used, by its time step: it does not work twice.
CREATE TABLE "used_codes" (
    "step" BIGINT NOT NULL,

    CONSTRAINT "used_codes_pkey" PRIMARY KEY ("step")
);
