import type { Database, Queryable } from '../database/client.ts'
import { announceChange } from '../database/live.ts'
import { notFound } from '../lib/errors.ts'
import { isTerminal } from '../lib/run-status.ts'
import { characterStart, storable } from '../lib/text.ts'

const MAX_LOG_BYTES = 1024 * 1024
const TAIL_BYTES = 32 * 1024

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

export function openTaskLog(db: Database, runId: number): TaskLog {
  return {
    position: () => getLogPosition(db, runId),
    append: (position, part) => appendToLog(db, runId, position, part),
  }
}

async function getLogPosition(db: Queryable, runId: number): Promise<LogPosition> {
  const [row] = await db.$queryRaw<{ next_offset: bigint; size: number; complete: boolean }[]>`
    SELECT next_offset, octet_length(text) AS size, eof OR cut AS complete FROM run_logs WHERE run_id = ${runId}`
  if (!row) return { offset: 0, remaining: MAX_LOG_BYTES, complete: false }
  return { offset: Number(row.next_offset), remaining: MAX_LOG_BYTES - row.size, complete: row.complete }
}

/** Appends at this position; does nothing if another process already has. */
async function appendToLog(
  db: Database,
  runId: number,
  position: LogPosition,
  part: TaskLogPart,
): Promise<void> {
  const whole = storable(part.text)
  const text = headOf(whole, position.remaining)
  const cut = text.length < whole.length
  const kept = await db.$executeRaw`
    INSERT INTO run_logs AS log (run_id, next_offset, text, eof, cut)
    VALUES (${runId}, ${part.nextOffset}, ${text}, ${part.eof}, ${cut})
    ON CONFLICT (run_id) DO UPDATE
    SET next_offset = excluded.next_offset, text = log.text || excluded.text, eof = excluded.eof, cut = excluded.cut
    WHERE log.next_offset = ${position.offset}`
  if (kept && text) await announceChange(db, { topic: 'run', id: runId })
}

function headOf(text: string, maxBytes: number): string {
  const bytes = Buffer.from(text)
  return bytes.length <= maxBytes ? text : bytes.toString('utf8', 0, characterStart(bytes, maxBytes))
}

export interface KeptLog {
  offset: number
  next_offset: number
  text: string
  eof: boolean
  cut: boolean
}

/** Returns the stored log from `offset` on, starting at a character boundary. */
export async function readLog(db: Queryable, runId: number, offset: number): Promise<KeptLog> {
  const run = await db.run.findUnique({ where: { id: runId }, select: { status: true } })
  if (!run) throw notFound('errors:run_not_found', { id: runId })
  const over = isTerminal(run.status)
  // A UTF-8 character has at most four bytes.
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

export async function readLogTail(
  db: Queryable,
  runId: number,
): Promise<{ text: string; whole: boolean; cut: boolean } | null> {
  const { remaining } = await getLogPosition(db, runId)
  const size = MAX_LOG_BYTES - remaining
  if (size === 0) return null
  const { text, cut, offset } = await readLog(db, runId, Math.max(0, size - TAIL_BYTES))
  return { text: offset === 0 ? text : text.slice(text.indexOf('\n') + 1), whole: offset === 0, cut }
}
