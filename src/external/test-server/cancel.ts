import { exchange } from '../http-client.ts'
import { type Authorized, endpoint, excerpt, failure, headersFor, MAX_BYTES } from './wire.ts'

const TIMEOUT_MS = 5_000

/** Cancels a task. Safe to repeat. Throws HttpError or TestServerError `cancel_refused`. */
export async function cancelTask(baseUrl: string, taskId: string, options: Authorized = {}): Promise<void> {
  const url = endpoint(baseUrl, `api/tasks/${encodeURIComponent(taskId)}/cancel`)
  const answer = await exchange(url, {
    method: 'POST',
    headers: headersFor(options),
    timeoutMs: TIMEOUT_MS,
    maxBytes: MAX_BYTES,
  })
  if (answer.status >= 200 && answer.status < 300) return
  throw failure('test-server:cancel_refused', {
    url,
    status: answer.status,
    answer: excerpt(answer),
    task: taskId,
  })
}
