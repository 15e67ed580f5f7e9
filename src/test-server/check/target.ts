import { parseJson } from '../answer.ts'

const TIMEOUT_MS = 60_000

export interface Answer {
  status: number
  json: Record<string, unknown> | undefined
  bytes: Uint8Array
  headers: Headers
  tookMs: number
}

export interface Target {
  get(path: string, options?: CallOptions): Promise<Answer>
  post(path: string, body?: object, options?: CallOptions): Promise<Answer>
}

export interface CallOptions {
  headers?: Record<string, string>
  anonymous?: boolean
}

export function createTarget(url: string, token: string | null): Target {
  async function call(
    method: string,
    path: string,
    body?: object,
    options: CallOptions = {},
  ): Promise<Answer> {
    const began = performance.now()
    const response = await fetch(`${url.replace(/\/+$/, '')}${path}`, {
      method,
      redirect: 'manual',
      headers: {
        ...(body && { 'content-type': 'application/json' }),
        ...(token !== null && !options.anonymous && { authorization: `Bearer ${token}` }),
        ...options.headers,
      },
      body: body && JSON.stringify(body),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    })
    const bytes = new Uint8Array(await response.arrayBuffer())
    const json = parseJson(Buffer.from(bytes).toString('utf8'))
    return {
      ...{ status: response.status, bytes, headers: response.headers, tookMs: performance.now() - began },
      json: typeof json === 'object' && json !== null ? (json as Record<string, unknown>) : undefined,
    }
  }
  return {
    get: (path, options) => call('GET', path, undefined, options),
    post: (path, body, options) => call('POST', path, body, options),
  }
}
