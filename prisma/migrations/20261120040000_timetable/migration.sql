-- The last time of each entry of the timetable: of several processes one takes it.
CREATE TABLE "timetable" (
  "name" TEXT NOT NULL,
  "taken_for" TIMESTAMPTZ(3) NOT NULL,

  CONSTRAINT "timetable_pkey" PRIMARY KEY ("name")
);
