import type { Agent } from 'undici'
import { ExternalError } from '../lib/errors.ts'

/** No complete answer: refused, unknown host, timeout, connection cut, too large. */
export class HttpError extends ExternalError {}

export interface HttpRequest {
  method?: 'GET' | 'HEAD' | 'POST'
  headers?: Record<string, string>
  body?: string
  timeoutMs: number
  maxBytes: number
  maxRedirects?: number
  signal?: AbortSignal
}

export interface HttpAnswer {
  status: number
  headers: Record<string, string | string[] | undefined>
  body: Buffer
}

/** Shorter than request timeouts: without a connection nothing was sent. */
export const CONNECT_TIMEOUT_MS = 10_000
let agent: Agent | undefined

/** undici, which is loaded at the first request, with its one agent. */
export async function loadClient() {
  const { default: undici } = await import('undici')
  agent ??= new undici.Agent({ connect: { timeout: CONNECT_TIMEOUT_MS } })
  return { agent, interceptors: undici.interceptors, request: undici.request }
}

export async function exchange(url: string, options: HttpRequest): Promise<HttpAnswer> {
  const timeout = AbortSignal.timeout(options.timeoutMs)
  const signal = options.signal ? AbortSignal.any([timeout, options.signal]) : timeout
  const { request, agent, interceptors } = await loadClient()
  const maxRedirections = options.maxRedirects ?? 0
  try {
    const response = await request(url, {
      method: options.method ?? 'GET',
      headers: { 'user-agent': 'crat', ...options.headers },
      body: options.body,
      dispatcher: maxRedirections ? agent.compose(interceptors.redirect({ maxRedirections })) : agent,
      headersTimeout: options.timeoutMs,
      bodyTimeout: options.timeoutMs,
      signal,
    })
    const body = await readCapped(url, response.body, options.maxBytes)
    return { status: response.statusCode, headers: response.headers, body }
  } catch (error) {
    options.signal?.throwIfAborted()
    throw httpErrorFrom(url, error, options.timeoutMs)
  }
}

async function readCapped(url: string, stream: AsyncIterable<Buffer>, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of stream) {
    size += chunk.length
    if (size > maxBytes)
      throw new HttpError('http:too_large', { url, max_bytes: maxBytes }, { permanent: true })
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

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
