import type { Readable } from 'node:stream'
import { type ReceivedFile, receiveFile } from '../../lib/receive-file.ts'
import { httpErrorFrom, loadRequest, STRICT } from '../http-client.ts'
import { type Authorized, endpoint, failure, headersFor } from './wire.ts'

const TIMEOUT_MS = 60_000

/** Fetches the whole report of a task (feature `report_archive`) to a file of its own. Throws HttpError or TestServerError. */
export async function fetchReportArchive(
  baseUrl: string,
  taskId: string,
  { token, signal, folder, maxBytes }: Authorized & { signal: AbortSignal; folder: string; maxBytes: number },
): Promise<ReceivedFile> {
  const url = endpoint(baseUrl, `api/tasks/${encodeURIComponent(taskId)}/report.tgz`)
  try {
    const request = await loadRequest()
    const response = await request(url, {
      headers: { ...headersFor({ token }), accept: 'application/gzip', 'user-agent': 'crat' },
      dispatcher: await STRICT.dispatcher(),
      ...{ headersTimeout: TIMEOUT_MS, bodyTimeout: TIMEOUT_MS, signal },
    })
    const { statusCode: status, body } = response
    if (status === 200) return await receiveBody(body, { folder, maxBytes })
    await body.dump()
    throw failure('test-server:archive_refused', { url, status, task: taskId })
  } catch (error) {
    signal.throwIfAborted()
    throw httpErrorFrom(url, error, TIMEOUT_MS)
  }
}

async function receiveBody(
  body: Readable,
  { folder, maxBytes }: { folder: string; maxBytes: number },
): Promise<ReceivedFile> {
  try {
    return await receiveFile(folder, body, { maxBytes, suffix: '.tgz' })
  } catch (error) {
    // Its connection would stay open with what is left of it.
    body.on('error', () => {}).destroy()
    throw error
  }
}
