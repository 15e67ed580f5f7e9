import * as z from 'zod'
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

/** The parameters of protocol 1, with any others of the parameter set; protocol 2 takes more. */
export interface Submission extends Record<string, unknown> {
  service_name: unknown
  package_path: string
  install_dir: unknown
  upgrade_type: unknown
  test_path: unknown
  base_url: unknown
  report_keyword: unknown
}

export interface AcceptedTask {
  taskId: string
  answer: unknown
}

/** The server may unpack before it answers. */
const SUBMIT_TIMEOUT_MS = 5 * 60_000

/** Submits a task. Safe to repeat only with an `idempotencyKey`: without one a second task would start. */
export async function submitTask(
  baseUrl: string,
  submission: Submission,
  options: Authorized & { signal: AbortSignal; timeoutMs?: number; idempotencyKey?: string },
): Promise<AcceptedTask> {
  const url = endpoint(baseUrl, 'api/deploy_and_test')
  const answer = await exchange(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...headersFor(options),
      ...(options.idempotencyKey !== undefined && { 'idempotency-key': options.idempotencyKey }),
    },
    body: JSON.stringify(submission),
    timeoutMs: options.timeoutMs ?? SUBMIT_TIMEOUT_MS,
    maxBytes: MAX_BYTES,
    signal: options.signal,
  })
  if (answer.status >= 300 && answer.status < 400) throw redirected(url, answer)
  const details = { url, status: answer.status, answer: excerpt(answer) }
  if (![200, 201, 202].includes(answer.status)) throw failure('test-server:refused', details)
  const body = parseJson(answer)
  if (body === undefined) throw failure('test-server:not_json', details)
  const parsed = accepted.safeParse(body)
  if (!parsed.success) throw failure('test-server:no_task_id', details)
  return { taskId: String(parsed.data.task_id), answer: body }
}

const accepted = z.object({
  task_id: z.union([z.string().trim().min(1).max(500), z.number()]),
})
