-- A log in parts: appending to one text rewrote all of it. What earlier versions kept stays in `text`, before the parts.
ALTER TABLE run_logs ALTER COLUMN text SET DEFAULT '';
ALTER TABLE run_logs ADD COLUMN size BIGINT;
ALTER TABLE run_logs ADD COLUMN kept_from BIGINT NOT NULL DEFAULT 0;

CREATE TABLE run_log_parts (
  run_id   INTEGER NOT NULL,
  position INTEGER NOT NULL,
  start    BIGINT  NOT NULL,
  text     TEXT    NOT NULL,
  CONSTRAINT run_log_parts_pkey PRIMARY KEY (run_id, position, start),
  CONSTRAINT run_log_parts_log_fkey FOREIGN KEY (run_id, position) REFERENCES run_logs (run_id, position)
    ON UPDATE CASCADE ON DELETE CASCADE
);
