import type { Arbitrary } from 'fast-check'
import { Pool } from 'undici'
import type { Door, Outcome } from './door.ts'

export interface Request {
  method: 'GET' | 'POST' | 'PUT'
  path: string
  headers: Record<string, string>
  body?: Buffer | string
}

export interface Requests {
  /** An answer of 500 or more is a failure. */
  door(name: string, inputs: Arbitrary<Request>): Door
  close(): Promise<void>
}

export function createRequests(base: string): Requests {
  const pool = new Pool(base, { connections: 16, bodyTimeout: 30_000, headersTimeout: 30_000 })

  async function send({ path, ...request }: Request): Promise<Outcome> {
    const answer = await pool.request({ path: encodeURI(`${path}`.toWellFormed()), ...request })
    const body = await answer.body.text()
    const status = `${answer.statusCode}`
    return answer.statusCode >= 500
      ? { answer: status, problem: `${status} ${body.slice(0, 300)}` }
      : { answer: status }
  }
  return {
    door: (name, inputs) => ({ name, inputs, attempt: request => send(request as Request) }),
    close: () => pool.close(),
  }
}
