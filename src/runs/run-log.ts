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
  const [row] = await db.$queryRaw<{ next_offset: bigint; size: number; complete: boolean }[]>`
    SELECT next_offset, octet_length(text) AS size, eof OR cut AS complete FROM run_logs
    WHERE run_id = ${runId} AND position = ${index}`
  if (!row) return { offset: 0, remaining: MAX_LOG_BYTES, complete: false }
  return { offset: Number(row.next_offset), remaining: MAX_LOG_BYTES - row.size, complete: row.complete }
}

/** Appends at this position; does nothing if another process already has. */
async function appendToLog(
  db: Database,
  { runId, index }: LogOf,
  position: LogPosition,
  part: TaskLogPart,
): Promise<void> {
  const whole = storable(part.text)
  const text = headOf(whole, position.remaining)
  const cut = text.length < whole.length
  const kept = await db.$executeRaw`
    INSERT INTO run_logs AS log (run_id, position, next_offset, text, eof, cut)
    VALUES (${runId}, ${index}, ${part.nextOffset}, ${text}, ${part.eof}, ${cut})
    ON CONFLICT (run_id, position) DO UPDATE
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
export async function readLog(db: Queryable, { runId, index }: LogOf, offset: number): Promise<KeptLog> {
  const run = await db.run.findUnique({ where: { id: runId }, select: { status: true } })
  if (!run) throw notFound('errors:run_not_found', { id: runId })
  const over = isTerminal(run.status)
  // A UTF-8 character has at most four bytes.
  const from = Math.max(0, offset - 3)
  const [row] = await db.$queryRaw<{ bytes: Uint8Array; eof: boolean; cut: boolean }[]>`
    SELECT substring(convert_to(text, 'UTF8') from ${from + 1}::int) AS bytes, eof, cut
    FROM run_logs WHERE run_id = ${runId} AND position = ${index}`
  const bytes = row?.bytes ?? new Uint8Array()
  const state = { eof: over || row?.eof === true || row?.cut === true, cut: row?.cut === true }
  const end = from + bytes.length
  if (offset >= end) return { offset, next_offset: offset, text: '', ...state }
  const start = characterStart(bytes, offset - from)
  const text = Buffer.from(bytes.subarray(start)).toString('utf8')
  return { offset: from + start, next_offset: end, text, ...state }
}

export interface LogTail {
  index: number
  text: string
  whole: boolean
  cut: boolean
}

export async function readLogTails(db: Queryable, runId: number): Promise<LogTail[]> {
  const logs = await db.runLog.findMany({
    where: { runId },
    select: { position: true },
    orderBy: { position: 'asc' },
  })
  const tails = await Promise.all(logs.map(({ position }) => readLogTail(db, { runId, index: position })))
  return tails.filter(tail => tail !== null)
}

async function readLogTail(db: Queryable, of: LogOf): Promise<LogTail | null> {
  const { remaining } = await getLogPosition(db, of)
  const size = MAX_LOG_BYTES - remaining
  if (size === 0) return null
  const { text, cut, offset } = await readLog(db, of, Math.max(0, size - TAIL_BYTES))
  const whole = offset === 0
  return { index: of.index, text: whole ? text : text.slice(text.indexOf('\n') + 1), whole, cut }
}
