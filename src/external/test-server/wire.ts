import { ExternalError } from '../../lib/errors.ts'
import { isTooDeep } from '../../lib/nesting.ts'
import { traceHeaders } from '../../lib/spans.ts'
import type { HttpAnswer } from '../http-client.ts'

export class TestServerError extends ExternalError {}

export const MAX_BYTES = 4 * 1024 * 1024

export function endpoint(baseUrl: string, path: string): string {
  if (!URL.canParse(baseUrl)) throw failure('test-server:no_address', { url: baseUrl })
  return `${baseUrl.replace(/\/+$/, '')}/${path}`
}

/** Sent along where the server wants it. */
export interface Authorized {
  token?: string | null
}

export function headersFor({ token }: Authorized): Record<string, string> {
  return {
    accept: 'application/json',
    ...traceHeaders(),
    ...(token && { authorization: `Bearer ${token}` }),
  }
}

export function parseJson(answer: HttpAnswer): unknown {
  try {
    const body: unknown = JSON.parse(answer.body.toString('utf8'))
    return isTooDeep(body) ? undefined : body
  } catch {
    return undefined
  }
}

export function redirected(url: string, answer: HttpAnswer): TestServerError {
  return failure('test-server:redirected', {
    url,
    status: answer.status,
    location: String(answer.headers.location ?? '?'),
  })
}

export function failure(key: string, params: Record<string, string | number>): TestServerError {
  const permanent = key !== 'test-server:poll_refused'
  return new TestServerError(key, params, { permanent })
}

export function excerpt(answer: HttpAnswer): string {
  return answer.body.subarray(0, 600).toString('utf8').replace(/\s+/g, ' ').trim().slice(0, 300) || '∅'
}
