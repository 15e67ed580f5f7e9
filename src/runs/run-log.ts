import type { Database, Queryable } from '../database/client.ts'
import { announceChange } from '../database/live.ts'
import { characterStart, storable } from '../lib/text.ts'

const MIB = 1024 * 1024
/** Of each log: about 400,000 lines. */
const MAX_LOG_BYTES = 32 * MIB
/** So that a range is read without much beside it. */
const MAX_PART_BYTES = 128 * 1024

export interface LogPosition {
  offset: number
  remaining: number
  complete: boolean
}

export interface TaskLogPart {
  text: string
  nextOffset: number
  eof: boolean
}

export interface TaskLog {
  position(): Promise<LogPosition>
  append(position: LogPosition, part: TaskLogPart): Promise<void>
}

/** Which log: of a run, and of its environment with this index. */
export interface LogOf {
  runId: number
  index: number
}

export function openTaskLog(db: Database, of: LogOf): TaskLog {
  return {
    position: () => getLogPosition(db, of),
    append: (position, part) => appendToLog(db, of, position, part),
  }
}

async function getLogPosition(db: Queryable, { runId, index }: LogOf): Promise<LogPosition> {
  const [row] = await db.$queryRaw<{ next_offset: bigint; size: bigint; complete: boolean }[]>`
    SELECT next_offset, coalesce(size, octet_length(text)) AS size, eof OR cut AS complete FROM run_logs
    WHERE run_id = ${runId} AND position = ${index}`
  if (!row) return { offset: 0, remaining: MAX_LOG_BYTES, complete: false }
  const remaining = MAX_LOG_BYTES - Number(row.size)
  return { offset: Number(row.next_offset), remaining, complete: row.complete }
}

/** Appends at this position; does nothing if another process already has. */
async function appendToLog(
  db: Database,
  { runId, index }: LogOf,
  position: LogPosition,
  part: TaskLogPart,
): Promise<void> {
  const whole = Buffer.from(storable(part.text))
  const bytes = headOf(whole, position.remaining)
  const cut = bytes.length < whole.length
  const kept = await db.$queryRaw<{ start: bigint }[]>`
    WITH log AS (
      INSERT INTO run_logs AS log (run_id, position, next_offset, size, eof, cut)
      VALUES (${runId}, ${index}, ${part.nextOffset}, ${bytes.length}, ${part.eof}, ${cut})
      ON CONFLICT (run_id, position) DO UPDATE
      SET next_offset = excluded.next_offset, eof = excluded.eof, cut = excluded.cut,
        size = coalesce(log.size, octet_length(log.text)) + excluded.size
      WHERE log.next_offset = ${position.offset}
      RETURNING size - ${bytes.length} AS start
    ), parts AS (
      INSERT INTO run_log_parts (run_id, position, start, text)
      SELECT ${runId}, ${index}, log.start + part.start, part.text
      FROM log, jsonb_to_recordset(${JSON.stringify(partsOf(bytes))}::jsonb) AS part(start bigint, text text)
    )
    SELECT start FROM log`
  const [appended] = kept
  if (!appended || bytes.length === 0) return
  await announceChange(db, { topic: 'log', id: runId })
  // The page of the run has no log yet.
  if (Number(appended.start) === 0) await announceChange(db, { topic: 'run', id: runId })
}

function headOf(bytes: Buffer, maxBytes: number): Buffer {
  return bytes.length <= maxBytes ? bytes : bytes.subarray(0, characterStart(bytes, maxBytes))
}

function partsOf(bytes: Buffer): { start: number; text: string }[] {
  const parts = []
  for (let start = 0; start < bytes.length; ) {
    const head = headOf(bytes.subarray(start), MAX_PART_BYTES)
    parts.push({ start, text: head.toString('utf8') })
    start += head.length
  }
  return parts
}

/** Of long logs of runs that ended so long ago, only the end is kept. Returns how many it shortened, not all at once. */
export async function shortenOldLogs(
  db: Queryable,
  { days, most = LOGS_AT_ONCE }: { days: number; most?: number },
): Promise<number> {
  const [shortened] = await db.$queryRaw<{ count: number }[]>`
    WITH long AS (
      SELECT log.run_id, log.position, log.size - ${KEPT_BYTES} AS kept_from
      FROM run_logs log JOIN deploy_test_runs run ON run.id = log.run_id
      WHERE run.finished_at < now() - ${days} * interval '1 day'
        AND log.size - log.kept_from > ${2 * KEPT_BYTES} AND log.text = ''
      ORDER BY log.run_id LIMIT ${most}
      FOR UPDATE OF log SKIP LOCKED
    ), shortened AS (
      UPDATE run_logs AS log SET kept_from = long.kept_from FROM long
      WHERE log.run_id = long.run_id AND log.position = long.position RETURNING log.run_id
    ), removed AS (
      DELETE FROM run_log_parts AS part USING long
      WHERE part.run_id = long.run_id AND part.position = long.position
        AND part.start + octet_length(part.text) <= long.kept_from
    )
    SELECT count(*)::int AS count FROM shortened`
  return shortened?.count ?? 0
}

const LOGS_AT_ONCE = 1_000
const KEPT_BYTES = MIB
