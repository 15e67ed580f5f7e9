import assert from 'node:assert/strict'
import { setTimeout as pause } from 'node:timers/promises'

const FIRST_POLL_MS = 20
const LAST_POLL_MS = 150

export interface Answer {
  status: number
  headers: Headers
  // Whatever the API answers: the tests say what they expect of it.
  body: ReturnType<typeof JSON.parse>
}

/** Speaks to the API as one person. */
export class ApiClient {
  readonly #url: string
  readonly #token: string | null

  constructor(url: string, token: string | null = null) {
    this.#url = url
    this.#token = token
  }

  get token(): string {
    assert.ok(this.#token, 'nobody is logged in')
    return this.#token
  }

  async logIn(email: string, password?: string): Promise<ApiClient> {
    const { status, body } = await this.post('/auth/login', { email, password })
    assert.equal(status, 200, body.error)
    return new ApiClient(this.#url, body.token)
  }

  get = (path: string) => this.call('GET', path)
  post = (path: string, body?: unknown) => this.call('POST', path, body)
  put = (path: string, body?: unknown) => this.call('PUT', path, body)
  delete = (path: string) => this.call('DELETE', path)

  /** `body`: text goes as it is, everything else as JSON. */
  async call(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer> {
    const response = await fetch(`${this.#url}/api/v1${path}`, {
      method,
      headers: {
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...(this.#token && { authorization: `Bearer ${this.#token}` }),
        ...headers,
      },
      body: body === undefined || typeof body === 'string' ? body : JSON.stringify(body),
    })
    const text = await response.text()
    assert.match(
      response.headers.get('content-type') ?? '',
      /^application\/json/,
      `not JSON: ${text.slice(0, 200)}`,
    )
    return { status: response.status, headers: response.headers, body: JSON.parse(text) }
  }

  /** Asks until the run is as wanted; fails when it ends otherwise. */
  async untilRun(
    id: number,
    wanted: (run: Answer['body']) => boolean,
    withinMs = 20_000,
  ): Promise<Answer['body']> {
    const deadline = Date.now() + withinMs
    // Less and less often: what asks all the time keeps the machine from the run itself.
    for (let everyMs = FIRST_POLL_MS; ; everyMs = Math.min(everyMs * 1.5, LAST_POLL_MS)) {
      const { body } = await this.get(`/deploy-test-runs/${id}`)
      if (wanted(body.data)) return body.data
      const said = `run ${id} is ${body.data.status}: ${body.data.error_message}`
      if (Date.now() > deadline) assert.fail(`${said}, not as wanted within ${withinMs} ms`)
      await pause(everyMs)
    }
  }

  untilFinished = (id: number, withinMs?: number) =>
    this.untilRun(id, run => run.finished_at !== null, withinMs)

  /** As an admin: ends all of somebody's sessions. */
  async endSessionsOf(email: string): Promise<void> {
    const { body } = await this.get(`/sessions?email=${encodeURIComponent(email)}`)
    for (const { id } of body.data) await this.delete(`/sessions/${id}`)
  }
}
