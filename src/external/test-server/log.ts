import * as z from 'zod'
import { exchange } from '../http-client.ts'
import { type Authorized, endpoint, excerpt, failure, headersFor, MAX_BYTES, parseJson } from './wire.ts'

export interface LogPart {
  offset: number
  nextOffset: number
  text: string
  eof: boolean
}

const TIMEOUT_MS = 5_000
const bytes = z.int().nonnegative()
const logAnswer = z.object({ offset: bytes, next_offset: bytes, text: z.string(), eof: z.boolean() })

/** Reads the log from `offset` on (feature `log`). Throws HttpError or TestServerError. */
export async function getTaskLog(
  baseUrl: string,
  taskId: string,
  offset: number,
  { signal, token }: Authorized & { signal: AbortSignal },
): Promise<LogPart> {
  const url = endpoint(baseUrl, `api/tasks/${encodeURIComponent(taskId)}/log?offset=${offset}`)
  const headers = headersFor({ token })
  const answer = await exchange(url, { headers, timeoutMs: TIMEOUT_MS, maxBytes: MAX_BYTES, signal })
  const details = { url, status: answer.status, answer: excerpt(answer), task: taskId }
  if (answer.status !== 200) throw failure('test-server:log_refused', details)
  const parsed = logAnswer.safeParse(parseJson(answer))
  if (!parsed.success) throw failure('test-server:log_unreadable', details)
  const { next_offset: nextOffset, ...part } = parsed.data
  if (!goesOn(offset, { ...part, nextOffset })) {
    throw failure('test-server:log_jumps', { ...details, offset, from: part.offset, to: nextOffset })
  }
  return withoutCutCharacter({ ...part, nextOffset })
}

/** Rejects a log that shrank or skips bytes. */
function goesOn(asked: number, { offset, nextOffset, text }: LogPart): boolean {
  return offset === asked && (text === '' ? nextOffset === asked : nextOffset > asked)
}

const REPLACEMENT = '\uFFFD'

/** Leaves a character that is cut at the end to the next part. */
function withoutCutCharacter(part: LogPart): LogPart {
  if (part.eof || !part.text.endsWith(REPLACEMENT)) return part
  const text = part.text.slice(0, -REPLACEMENT.length)
  const nextOffset = part.offset + Buffer.byteLength(text)
  const cutBytes = part.nextOffset - nextOffset
  return cutBytes >= 1 && cutBytes <= 3 ? { ...part, text, nextOffset } : part
}
