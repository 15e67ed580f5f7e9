import { type HttpRequest, httpErrorFrom, inRequestSpan, openRequest } from './http-client.ts'

type DownloadRequest = Pick<HttpRequest, 'timeoutMs' | 'signal' | 'egress'>

/** The body of an answer of 200, as it arrives; null for any other status. */
export interface Download {
  status: number
  chunks: AsyncIterable<Buffer> | null
  close(): void
}

/** Asks for a file without following redirects. Close it when done. Throws HttpError, also while it is read. */
export async function download(
  url: string,
  { timeoutMs, signal, egress }: DownloadRequest,
): Promise<Download> {
  const timeout = AbortSignal.timeout(timeoutMs)
  const either = signal ? AbortSignal.any([timeout, signal]) : timeout
  const problemOf = (error: unknown) => {
    signal?.throwIfAborted()
    return httpErrorFrom(url, error, timeoutMs)
  }
  const target = new URL(url)
  try {
    return await inRequestSpan(target, {}, async () => {
      const { statusCode: status, body } = await openRequest(target, { timeoutMs, signal: either, egress })
      if (status !== 200) await body.dump()
      // Whoever reads the body gets its errors; a later one comes from closing it.
      body.on('error', () => {})
      return {
        status,
        chunks: status === 200 ? chunksOf(body, problemOf) : null,
        close: () => body.destroy(),
      }
    })
  } catch (error) {
    throw problemOf(error)
  }
}

async function* chunksOf(body: AsyncIterable<Buffer>, problemOf: (error: unknown) => Error) {
  try {
    yield* body
  } catch (error) {
    throw problemOf(error)
  }
}
