ALTER TABLE "user_sessions" ADD COLUMN "groups" TEXT[] NOT NULL DEFAULT '{}';
