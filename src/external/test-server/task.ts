import * as z from 'zod'
import type { LoadResult } from '../../lib/load.ts'
import { exchange } from '../http-client.ts'
import {
  type Authorized,
  endpoint,
  excerpt,
  failure,
  headersFor,
  MAX_BYTES,
  parseJson,
  redirected,
} from './wire.ts'

export interface Task {
  state: 'running' | 'completed' | 'failed' | 'cancelled'
  status: string
  unknownStatus: boolean
  reportUrl: string | null
  deployFailed: boolean
  testSkipped: boolean
  /** Tests that were run again (feature `attempts`). */
  attempts: TestAttempt[]
  /** Of the test scripts that were used instead of those in the package (feature `scripts`). */
  scriptsSha256: string | null
  /** Of a load test (feature `metrics`). */
  load: LoadResult | null
  error: string | null
  /** Without a time zone, as the server sends them. */
  startTime: string | null
  endTime: string | null
  answer: unknown
}

export interface TestAttempt {
  test: string
  attempt: number
  status: string
}

/** Polls a task, long with `waitSeconds`. Throws HttpError or TestServerError, `task_not_found` on 404. */
export async function getTask(
  baseUrl: string,
  taskId: string,
  options: Authorized & { signal: AbortSignal; timeoutMs: number; waitSeconds?: number },
): Promise<Task> {
  const query = options.waitSeconds ? `?wait=${options.waitSeconds}` : ''
  const url = endpoint(baseUrl, `api/tasks/${encodeURIComponent(taskId)}${query}`)
  const answer = await exchange(url, {
    headers: headersFor(options),
    timeoutMs: options.timeoutMs,
    maxBytes: MAX_BYTES,
    signal: options.signal,
  })
  const details = { url, status: answer.status, answer: excerpt(answer), task: taskId }
  if (answer.status === 404) throw failure('test-server:task_not_found', details)
  if (answer.status >= 300 && answer.status < 400) throw redirected(url, answer)
  if (answer.status !== 200) throw failure('test-server:poll_refused', details)
  const body = parseJson(answer)
  if (body === undefined) throw failure('test-server:not_json', details)
  const parsed = taskAnswer.safeParse(body)
  if (!parsed.success) throw failure('test-server:no_status', details)
  return taskFrom(parsed.data, body)
}

const loose = <T extends z.ZodType>(schema: T) => schema.nullish().catch(null)
const testAttempt = z.object({ test: z.string().min(1), attempt: z.number(), status: z.string().catch('') })
const loadResult = z.object({
  p95_ms: z.number().nullable(),
  rps: z.number(),
  error_rate: z.number(),
  breaches: z.array(z.string().max(1_000)).max(100),
})
const part = z.looseObject({
  success: loose(z.boolean()),
  skipped: loose(z.boolean()),
  report_url: loose(z.string()),
  load: loose(loadResult),
  scripts_sha256: loose(z.string().regex(/^[0-9a-f]{64}$/i)),
  attempts: loose(z.array(z.unknown()).transform(readable)),
})

/** One that cannot be read does not hide the others. */
function readable(attempts: unknown[]): TestAttempt[] {
  return attempts.flatMap(each => testAttempt.safeParse(each).data ?? [])
}

/** Only the status is required; servers differ in the rest. */
const taskAnswer = z.looseObject({
  status: z.string().trim().min(1).max(200),
  start_time: loose(z.string()),
  end_time: loose(z.string()),
  result: loose(z.looseObject({ deploy: loose(part), test: loose(part), report_url: loose(z.string()) })),
  error: z.unknown().optional(),
})

function taskFrom(task: z.output<typeof taskAnswer>, answer: unknown): Task {
  const word = task.status.toLowerCase().split(':')[0] ?? ''
  const known = ['pending', 'running', 'completed', 'failed', 'cancelled'].includes(word)
  return {
    state: word === 'completed' || word === 'failed' || word === 'cancelled' ? word : 'running',
    status: task.status,
    unknownStatus: !known,
    reportUrl: realUrl(task.result?.test?.report_url) ?? realUrl(task.result?.report_url),
    deployFailed: task.result?.deploy?.success === false,
    testSkipped: task.result?.test?.skipped === true,
    attempts: task.result?.test?.attempts ?? [],
    load: task.result?.test?.load ?? null,
    scriptsSha256: task.result?.test?.scripts_sha256?.toLowerCase() ?? null,
    error:
      errorText(task.error) ?? errorText(task.result?.deploy?.error) ?? errorText(task.result?.test?.error),
    startTime: task.start_time ?? null,
    endTime: task.end_time ?? null,
    answer,
  }
}

/** Returns an http(s) URL, or null for anything else, such as `"None"`. */
function realUrl(text: string | null | undefined): string | null {
  const url = text?.trim() ?? ''
  return /^https?:\/\//i.test(url) && URL.canParse(url) ? url : null
}

/** Accepts a string, an object with a message, or any JSON. */
function errorText(error: unknown): string | null {
  if (error === null || error === undefined) return null
  if (typeof error === 'string') return ['', 'None'].includes(error.trim()) ? null : cut(error.trim())
  const { message } = error as { message?: unknown }
  if (typeof message === 'string' && message) return cut(message)
  const json = JSON.stringify(error)
  return json === '{}' ? null : cut(json)
}

function cut(text: string): string {
  return text.length > 4000 ? `${text.slice(0, 4000)}…` : text
}
