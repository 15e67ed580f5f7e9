ALTER TABLE "build_info"
    ADD COLUMN "announced_by" TEXT,
    ADD COLUMN "has_package" BOOLEAN,
    ADD COLUMN "package_checked_at" TIMESTAMPTZ(3),
    ADD COLUMN "package_checks" INTEGER NOT NULL DEFAULT 0,
    ADD COLUMN "package_next_check_at" TIMESTAMPTZ(3);
