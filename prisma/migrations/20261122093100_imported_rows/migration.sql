-- Which row of a CRAT 1.x database became which row here, so that an import can be run again.
CREATE TABLE "imported_rows" (
    "source" TEXT NOT NULL,
    "source_table" TEXT NOT NULL,
    "old_id" TEXT NOT NULL,
    "new_id" INTEGER NOT NULL,
    "fingerprint" TEXT NOT NULL,
    "imported_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    CONSTRAINT "imported_rows_pkey" PRIMARY KEY ("source", "source_table", "old_id")
);
