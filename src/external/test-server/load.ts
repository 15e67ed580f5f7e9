import * as z from 'zod'
import type { LoadPoint } from '../../lib/load.ts'
import { exchange } from '../http-client.ts'
import { type Authorized, endpoint, excerpt, failure, headersFor, MAX_BYTES, parseJson } from './wire.ts'

const TIMEOUT_MS = 5_000

const figure = z.number().nonnegative()
const point = z.object({
  t: figure,
  users_planned: figure,
  users: figure,
  rps: figure,
  p95_ms: figure.nullable(),
  errors: figure,
})
const metricsAnswer = z.object({
  offset: z.int().nonnegative(),
  next_offset: z.int().nonnegative(),
  points: z.array(point),
})

/** Reads the points of a load test from the `offset`th on (feature `metrics`). Throws HttpError or TestServerError. */
export async function getLoadPoints(
  baseUrl: string,
  taskId: string,
  offset: number,
  { signal, token }: Authorized & { signal: AbortSignal },
): Promise<LoadPoint[]> {
  const url = endpoint(baseUrl, `api/tasks/${encodeURIComponent(taskId)}/metrics?offset=${offset}`)
  const headers = headersFor({ token })
  const answer = await exchange(url, { headers, timeoutMs: TIMEOUT_MS, maxBytes: MAX_BYTES, signal })
  const details = { url, status: answer.status, answer: excerpt(answer), task: taskId }
  if (answer.status !== 200) throw failure('test-server:metrics_refused', details)
  const { data } = metricsAnswer.safeParse(parseJson(answer))
  if (data?.offset !== offset || data.next_offset !== offset + data.points.length)
    throw failure('test-server:metrics_unreadable', details)
  return data.points
}
