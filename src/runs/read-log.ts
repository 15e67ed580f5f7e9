import { stripVTControlCharacters } from 'node:util'
import type { Queryable } from '../database/client.ts'
import { notFound } from '../lib/errors.ts'
import { isTerminal } from '../lib/run-status.ts'
import { characterStart } from '../lib/text.ts'
import type { LogOf } from './run-log.ts'

/** At once. */
export const MAX_RANGE_BYTES = 1024 * 1024
/** Of all logs of a run together, so that its page stays light. */
const TAIL_BYTES = 24 * 1024

export interface KeptLog {
  offset: number
  next_offset: number
  text: string
  eof: boolean
  cut: boolean
  /** Where what is kept begins and ends. */
  kept_from: number
  size: number
}

export interface LogRange {
  offset: number
  limit?: number
}

/** Returns the stored log from `offset` on, starting at a character boundary. */
export async function readLog(db: Queryable, of: LogOf, range: LogRange): Promise<KeptLog> {
  const run = await db.run.findUnique({ where: { id: of.runId }, select: { status: true } })
  if (!run) throw notFound('errors:run_not_found', { id: of.runId })
  const state = await readState(db, of)
  const { text, ...place } = await readRange(db, of, state, range)
  const ended = isTerminal(run.status) || state.eof || state.cut
  const { cut, kept_from, size } = state
  return { ...place, text, eof: ended && place.next_offset >= size, cut, kept_from, size }
}

interface LogState {
  eof: boolean
  cut: boolean
  kept_from: number
  size: number
}

async function readState(db: Queryable, { runId, index }: LogOf): Promise<LogState> {
  const [row] = await db.$queryRaw<
    (Omit<LogState, 'size' | 'kept_from'> & Record<'size' | 'kept_from', bigint>)[]
  >`
    SELECT eof, cut, kept_from, coalesce(size, octet_length(text)) AS size
    FROM run_logs WHERE run_id = ${runId} AND position = ${index}`
  if (!row) return { eof: false, cut: false, kept_from: 0, size: 0 }
  return { ...row, kept_from: Number(row.kept_from), size: Number(row.size) }
}

async function readRange(
  db: Queryable,
  of: LogOf,
  state: LogState,
  { offset, limit = MAX_RANGE_BYTES }: LogRange,
) {
  const wanted = Math.max(offset, state.kept_from)
  if (wanted >= state.size) return { offset, next_offset: offset, text: '' }
  // A UTF-8 character has at most four bytes.
  const [from, to] = [Math.max(state.kept_from, wanted - 3), Math.min(state.size, wanted + limit)]
  const { start, bytes } = await readBytes(db, of, from, to)
  const begin = characterStart(bytes, wanted - start)
  const end = to - start < bytes.length ? characterStart(bytes, to - start) : bytes.length
  const part = bytes.subarray(begin, end)
  return { offset: start + begin, next_offset: start + begin + part.length, text: part.toString('utf8') }
}

/** The parts that hold these bytes, whole. */
async function readBytes(db: Queryable, { runId, index }: LogOf, from: number, to: number) {
  const parts = await db.$queryRaw<{ start: bigint; text: string }[]>`
    SELECT start, text FROM (
      SELECT 0::bigint AS start, text FROM run_logs WHERE run_id = ${runId} AND position = ${index}
      UNION ALL
      SELECT start, text FROM run_log_parts WHERE run_id = ${runId} AND position = ${index}
    ) AS part
    WHERE start < ${to} AND start + octet_length(text) > ${from}
    ORDER BY start`
  const bytes = Buffer.concat(parts.map(({ text }) => Buffer.from(text)))
  return { start: Number(parts[0]?.start ?? from), bytes }
}

/** The whole of what is kept, in pieces. */
export async function* readWholeLog(db: Queryable, of: LogOf): AsyncGenerator<string> {
  for (let offset = 0; ; ) {
    const { text, next_offset } = await readLog(db, of, { offset })
    if (!text) return
    yield text
    offset = next_offset
  }
}

export interface LogTail extends Omit<KeptLog, 'next_offset' | 'offset' | 'eof'> {
  index: number
  whole: boolean
}

/** The last lines of each log, as plain text. */
export async function readLogTails(db: Queryable, runId: number): Promise<LogTail[]> {
  const logs = await db.runLog.findMany({
    where: { runId },
    select: { position: true },
    orderBy: { position: 'asc' },
  })
  const most = Math.floor(TAIL_BYTES / Math.max(1, logs.length))
  const tails = await Promise.all(logs.map(({ position }) => readTail(db, { runId, index: position }, most)))
  return tails.filter(tail => tail.size > 0)
}

async function readTail(db: Queryable, of: LogOf, most: number): Promise<LogTail> {
  const { size } = await readState(db, of)
  const { text, offset, cut, kept_from } = await readLog(db, of, { offset: Math.max(0, size - most) })
  const lines = offset <= kept_from ? text : text.slice(text.indexOf('\n') + 1)
  const plain = stripVTControlCharacters(lines).replaceAll(CONTROLS, '')
  return { index: of.index, text: plain, whole: offset <= kept_from, cut, kept_from, size }
}

/** But for tab and line feed. */
const CONTROLS = /(?![\t\n])\p{Cc}/gu
