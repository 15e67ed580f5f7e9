import { ExternalError } from '../lib/errors.ts'

/** No complete answer: refused, unknown host, timeout, connection cut, too large, not allowed. */
export class HttpError extends ExternalError {}

/** Shorter than request timeouts: without a connection nothing was sent. */
export const CONNECT_TIMEOUT_MS = 10_000

export function httpErrorFrom(url: string, error: unknown, timeoutMs: number): HttpError {
  if (error instanceof HttpError) return error
  const { name, message } = error as Error
  const code = errorCode(error)
  const key = keyOf(name, code)
  const ms = key === 'http:no_connection' ? CONNECT_TIMEOUT_MS : timeoutMs
  const params = {
    url,
    host: hostOf(url),
    seconds: Math.round(ms / 1000),
    reason: message || code || name,
  }
  return new HttpError(key, params, { permanent: false, cause: error })
}

function keyOf(name: string, code: string): string {
  if (code === 'UND_ERR_CONNECT_TIMEOUT') return 'http:no_connection'
  if (name === 'TimeoutError' || /TIMEOUT|ETIMEDOUT/.test(code)) return 'http:timeout'
  if (code === 'ECONNREFUSED') return 'http:refused'
  if (/ENOTFOUND|EAI_AGAIN/.test(code)) return 'http:unknown_host'
  if (/CERT|TLS|SSL|SELF_SIGNED/.test(code)) return 'http:tls'
  if (/ECONNRESET|EPIPE|UND_ERR_SOCKET/.test(code)) return 'http:cut'
  return 'http:failed'
}

function errorCode(error: unknown): string {
  const { code, cause } = error as { code?: string; cause?: unknown }
  return code ?? (cause ? errorCode(cause) : '')
}

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : url
}
