import { CLIENT, describeSpan, inSpan } from '../lib/spans.ts'
import { authorizationOf, createEgress, type Egress } from './egress.ts'
import { HttpError, httpErrorFrom } from './http-error.ts'

export { HttpError, httpErrorFrom } from './http-error.ts'

export interface HttpRequest {
  method?: 'GET' | 'HEAD' | 'POST'
  headers?: Record<string, string>
  body?: string
  timeoutMs: number
  maxBytes: number
  maxRedirects?: number
  signal?: AbortSignal
  egress?: Egress
}

export interface HttpAnswer {
  status: number
  headers: Record<string, string | string[] | undefined>
  body: Buffer
}

/** For callers that name no rules of their own: what is forbidden stays so. */
export const STRICT = createEgress()

/** undici, which is loaded at the first request. */
export async function loadRequest() {
  const { default: undici } = await import('undici')
  return undici.request
}

export async function exchange(url: string, options: HttpRequest): Promise<HttpAnswer> {
  const timeout = AbortSignal.timeout(options.timeoutMs)
  const signal = options.signal ? AbortSignal.any([timeout, options.signal]) : timeout
  try {
    return await follow(new URL(url), { ...options, signal })
  } catch (error) {
    options.signal?.throwIfAborted()
    throw httpErrorFrom(url, error, options.timeoutMs)
  }
}

async function follow(first: URL, options: HttpRequest): Promise<HttpAnswer> {
  const { maxRedirects = 0, egress = STRICT } = options
  let url = first
  for (let redirects = 0; ; redirects += 1) {
    const answer = await send(url, options)
    const location = answer.headers.location
    if (!isRedirect(answer.status) || !location || maxRedirects === 0) return answer
    if (redirects === maxRedirects) return answer
    url = webAddress(url, String(location))
    egress.checkRedirect(first, url)
  }
}

function send(url: URL, options: HttpRequest): Promise<HttpAnswer> {
  return inRequestSpan(url, options, async () => {
    const { statusCode: status, headers, body } = await openRequest(url, options)
    return { status, headers, body: await readCapped(url.href, body, options.maxBytes) }
  })
}

export function inRequestSpan<T extends { status: number }>(
  url: URL,
  { method = 'GET' }: Pick<HttpRequest, 'method'>,
  send: () => Promise<T>,
): Promise<T> {
  // Without a query and a user, which may be secret.
  const attributes = { 'http.request.method': method, 'url.full': `${url.origin}${url.pathname}` }
  return inSpan(method, { kind: CLIENT, attributes }, async () => {
    const answer = await send()
    describeSpan({ 'http.response.status_code': answer.status })
    return answer
  })
}

export async function openRequest(url: URL, options: Omit<HttpRequest, 'maxBytes'>) {
  const { egress = STRICT } = options
  const request = await loadRequest()
  return request(withoutUser(url), {
    method: options.method ?? 'GET',
    headers: {
      'user-agent': 'crat',
      ...egress.authorization(url),
      ...authorizationOf(url),
      ...options.headers,
    },
    body: options.body,
    dispatcher: await egress.dispatcher(),
    headersTimeout: options.timeoutMs,
    bodyTimeout: options.timeoutMs,
    signal: options.signal,
  })
}

export const isRedirect = (status: number) => [301, 302, 303, 307, 308].includes(status)

function webAddress(from: URL, location: string): URL {
  const target = URL.canParse(location, from.href) ? new URL(location, from) : null
  if (target && /^https?:$/.test(target.protocol)) return target
  throw new HttpError('http:bad_redirect', { url: from.href, location }, { permanent: true })
}

/** Undici drops user and password silently; they are sent as a header. */
export function withoutUser(url: URL): URL {
  const bare = new URL(url)
  bare.username = ''
  bare.password = ''
  return bare
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
