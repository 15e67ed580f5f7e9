import type { Database, Queryable } from '../database/client.ts'
import { announceChange } from '../database/live.ts'
import { notFound } from '../lib/errors.ts'
import { isTerminal } from '../lib/run-status.ts'
import { characterStart, storable } from '../lib/text.ts'

/** Bytes of a log that are kept: its head. */
const MAX_LOG_BYTES = 1024 * 1024
/** Bytes of its end that a page shows. */
const TAIL_BYTES = 32 * 1024

/** How far the server's log was read. */
export interface LogPosition {
  /** Bytes of the server's log. */
  offset: number
  /** Bytes that may still be kept. */
  room: number
  /** Nothing more is to be read: this is its end, or as much as is kept. */
  complete: boolean
}

/** A stretch of the server's log. */
export interface TaskLogPart {
  text: string
  nextOffset: number
  eof: boolean
}

/** Where a run's log is kept, for whoever reads it from the server. */
export interface TaskLog {
  position(): Promise<LogPosition>
  append(position: LogPosition, part: TaskLogPart): Promise<void>
}

export function openTaskLog(db: Database, runId: number): TaskLog {
  return {
    position: () => getLogPosition(db, runId),
    append: (position, part) => appendToLog(db, runId, position, part),
  }
}

async function getLogPosition(db: Queryable, runId: number): Promise<LogPosition> {
  const [row] = await db.$queryRaw<{ next_offset: bigint; size: number; complete: boolean }[]>`
    SELECT next_offset, octet_length(text) AS size, eof OR cut AS complete FROM run_logs WHERE run_id = ${runId}`
  if (!row) return { offset: 0, room: MAX_LOG_BYTES, complete: false }
  return { offset: Number(row.next_offset), room: MAX_LOG_BYTES - row.size, complete: row.complete }
}

/** Keeps what goes on at this position; nothing where another process has kept it already. */
async function appendToLog(
  db: Database,
  runId: number,
  position: LogPosition,
  part: TaskLogPart,
): Promise<void> {
  const whole = storable(part.text)
  const text = headOf(whole, position.room)
  const cut = text.length < whole.length
  const kept = await db.$executeRaw`
    INSERT INTO run_logs AS log (run_id, next_offset, text, eof, cut)
    VALUES (${runId}, ${part.nextOffset}, ${text}, ${part.eof}, ${cut})
    ON CONFLICT (run_id) DO UPDATE
    SET next_offset = excluded.next_offset, text = log.text || excluded.text, eof = excluded.eof, cut = excluded.cut
    WHERE log.next_offset = ${position.offset}`
  if (kept && text) await announceChange(db, { topic: 'run', id: runId })
}

/** As many whole characters as fit. */
function headOf(text: string, maxBytes: number): string {
  const bytes = Buffer.from(text)
  return bytes.length <= maxBytes ? text : bytes.toString('utf8', 0, characterStart(bytes, maxBytes))
}

/** A stretch of what is kept; offsets are bytes of it. */
export interface KeptLog {
  offset: number
  next_offset: number
  text: string
  /** Nothing will follow. */
  eof: boolean
  /** The server's log is longer. */
  cut: boolean
}

/** What is kept from `offset` on; an offset within a character begins with that character. */
export async function readLog(db: Queryable, runId: number, offset: number): Promise<KeptLog> {
  const run = await db.run.findUnique({ where: { id: runId }, select: { status: true } })
  if (!run) throw notFound('errors:run_not_found', { id: runId })
  const over = isTerminal(run.status)
  // The longest character has four bytes: its beginning is at most three before.
  const from = Math.max(0, offset - 3)
  const [row] = await db.$queryRaw<{ bytes: Uint8Array; eof: boolean; cut: boolean }[]>`
    SELECT substring(convert_to(text, 'UTF8') from ${from + 1}::int) AS bytes, eof, cut
    FROM run_logs WHERE run_id = ${runId}`
  const bytes = row?.bytes ?? new Uint8Array()
  const state = { eof: over || row?.eof === true || row?.cut === true, cut: row?.cut === true }
  const end = from + bytes.length
  if (offset >= end) return { offset, next_offset: offset, text: '', ...state }
  const start = characterStart(bytes, offset - from)
  const text = Buffer.from(bytes.subarray(start)).toString('utf8')
  return { offset: from + start, next_offset: end, text, ...state }
}

/** The end of what is kept, by whole lines; null where there is nothing. */
export async function readLogTail(
  db: Queryable,
  runId: number,
): Promise<{ text: string; whole: boolean; cut: boolean } | null> {
  const { room } = await getLogPosition(db, runId)
  const size = MAX_LOG_BYTES - room
  if (size === 0) return null
  const { text, cut, offset } = await readLog(db, runId, Math.max(0, size - TAIL_BYTES))
  return { text: offset === 0 ? text : text.slice(text.indexOf('\n') + 1), whole: offset === 0, cut }
}
