import * as z from 'zod'
import { oneLine } from '../../lib/text.ts'
import type { HttpAnswer } from '../http-client.ts'
import type { ChatResult } from './types.ts'

const MAX_WORDS = 300
const MINUTE_MS = 60_000
const MAX_WAIT_MS = 6 * 3_600_000
/** Of the statuses below 500, those after which a later attempt may succeed. */
const TEMPORARY = [408, 425]

export function wordsOf({ status, body }: HttpAnswer): string {
  const text = oneLine(body.toString('utf8')).slice(0, MAX_WORDS).toWellFormed()
  return `HTTP ${status}${text ? `: ${text}` : ''}`
}

export function readStatus(answer: HttpAnswer): ChatResult {
  const { status } = answer
  if (status >= 200 && status < 300) return { result: 'sent' }
  const words = wordsOf(answer)
  if (status === 429) return { result: 'later', waitMs: retryAfter(answer) ?? MINUTE_MS, words }
  return { result: 'refused', permanent: status < 500 && !TEMPORARY.includes(status), words }
}

/** In milliseconds; the header holds seconds or a date. */
export function retryAfter({ headers }: HttpAnswer, now = Date.now()): number | null {
  const value = String(headers['retry-after'] ?? headers['x-ogw-ratelimit-reset'] ?? '')
  const ms = /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value) - now
  return Number.isNaN(ms) ? null : Math.min(Math.max(ms, 1000), MAX_WAIT_MS)
}

const coded = z.looseObject({
  errcode: z.number().optional(),
  errmsg: z.string().optional(),
  code: z.number().optional(),
  StatusCode: z.number().optional(),
  msg: z.string().optional(),
})

interface Codes {
  tooFast: (code: number, words: string) => boolean
  temporary: readonly number[]
  waitMs: number
}

/** Reads the answer of a service that says in the body of a 200 how it went. */
export function readCode(answer: HttpAnswer, { tooFast, temporary, waitMs }: Codes): ChatResult {
  const said = parse(answer)
  const code = said?.errcode ?? said?.code ?? said?.StatusCode
  if (code === undefined) {
    const byStatus = readStatus(answer)
    return byStatus.result === 'sent'
      ? { result: 'refused', permanent: false, words: wordsOf(answer) }
      : byStatus
  }
  if (code === 0) return { result: 'sent' }
  const words = oneLine(`${code} ${said?.errmsg ?? said?.msg ?? ''}`)
    .slice(0, MAX_WORDS)
    .toWellFormed()
  if (answer.status === 429 || tooFast(code, words))
    return { result: 'later', waitMs: retryAfter(answer) ?? waitMs, words }
  return { result: 'refused', permanent: answer.status < 500 && !temporary.includes(code), words }
}

function parse({ body }: HttpAnswer): z.output<typeof coded> | null {
  try {
    return coded.parse(JSON.parse(body.toString('utf8')))
  } catch {
    return null
  }
}
