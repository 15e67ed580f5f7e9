import type { Egress } from './egress.ts'
import { exchange, HttpError } from './http-client.ts'

const TIMEOUT_MS = 10_000
const MAX_REDIRECTS = 3

/** Any answer of the server's own is good. Throws HttpError. */
export async function reachServer(url: string, egress: Egress): Promise<void> {
  const options = { timeoutMs: TIMEOUT_MS, maxBytes: 0, maxRedirects: MAX_REDIRECTS, egress }
  const { status } = await exchange(url, { method: 'HEAD', ...options })
  if (status >= 500) throw new HttpError('http:server_error', { url, status }, { permanent: false })
}
