import { z } from 'zod'
import { exchange } from '../http-client.ts'
import { endpoint, excerpt, failure, MAX_BYTES, parseJson } from './wire.ts'

/** A stretch of a task's log. Offsets are bytes of UTF-8. */
export interface LogPart {
  offset: number
  nextOffset: number
  text: string
  /** The task is over, and this is the end of its log. */
  eof: boolean
}

const TIMEOUT_MS = 5_000
const bytes = z.int().nonnegative()
const logAnswer = z.object({ offset: bytes, next_offset: bytes, text: z.string(), eof: z.boolean() })

/** What the log says from `offset` on (feature `log`). Throws HttpError or TestServerError; nothing is taken then. */
export async function getTaskLog(
  baseUrl: string,
  taskId: string,
  offset: number,
  { signal }: { signal: AbortSignal },
): Promise<LogPart> {
  const url = endpoint(baseUrl, `api/tasks/${encodeURIComponent(taskId)}/log?offset=${offset}`)
  const headers = { accept: 'application/json' }
  const answer = await exchange(url, { headers, timeoutMs: TIMEOUT_MS, maxBytes: MAX_BYTES, signal })
  const said = { url, status: answer.status, answer: excerpt(answer), task: taskId }
  if (answer.status !== 200) throw failure('test-server:log_refused', said)
  const parsed = logAnswer.safeParse(parseJson(answer))
  if (!parsed.success) throw failure('test-server:log_unreadable', said)
  const { next_offset: nextOffset, ...part } = parsed.data
  if (!goesOn(offset, { ...part, nextOffset })) {
    throw failure('test-server:log_jumps', { ...said, offset, from: part.offset, to: nextOffset })
  }
  return withoutCutCharacter({ ...part, nextOffset })
}

/** A log that shrank or starts elsewhere would be doubled or have a hole. */
function goesOn(asked: number, { offset, nextOffset, text }: LogPart): boolean {
  return offset === asked && (text === '' ? nextOffset === asked : nextOffset > asked)
}

/** What a server puts in the place of a character of which only the first bytes were there. */
const REPLACEMENT = '\uFFFD'

/** A character that the end of the part cuts is left for the next one, when the rest of it is there. */
function withoutCutCharacter(part: LogPart): LogPart {
  if (part.eof || !part.text.endsWith(REPLACEMENT)) return part
  const text = part.text.slice(0, -REPLACEMENT.length)
  const nextOffset = part.offset + Buffer.byteLength(text)
  const cutBytes = part.nextOffset - nextOffset
  return cutBytes >= 1 && cutBytes <= 3 ? { ...part, text, nextOffset } : part
}
