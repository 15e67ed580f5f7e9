import { type RawAnswer, type RawRequest, rawRequest } from '../http/raw-request.ts'
import type { Normalise } from './normalise.ts'

/** One request and what was answered, as the fixture keeps it. */
export interface RecordedAnswer {
  /** Who asked for what. */
  request: string
  /** Headers beside the usual ones. */
  with?: unknown
  sent?: unknown
  status: number
  headers: Record<string, unknown>
  body: unknown
}

/** What of an answer is recorded, where it is not all. */
type Part = (body: Body) => unknown

// Whatever the API answers: the fixture says what it is.
export type Body = ReturnType<typeof JSON.parse>

const HEADERS = ['content-type', 'allow', 'retry-after']
const LONGEST_SENT = 200

/** Speaks to one server as one person; every answer is recorded. */
export class Caller {
  readonly #name: string
  readonly #url: string
  readonly #token: string | null
  readonly #recorder: Recorder

  constructor(recorder: Recorder, { name, url, token }: { name: string; url: string; token: string | null }) {
    this.#recorder = recorder
    this.#name = name
    this.#url = url
    this.#token = token
  }

  get token(): string {
    return this.#token ?? ''
  }

  get = (path: string, part?: Part) => this.send({ path: `/api/v1${path}` }, part)
  post = (path: string, body?: unknown) => this.#json('POST', path, body)
  put = (path: string, body?: unknown) => this.#json('PUT', path, body)
  delete = (path: string) => this.#json('DELETE', path)

  #json(method: string, path: string, body?: unknown): Promise<Body> {
    if (body === undefined) return this.send({ method, path: `/api/v1${path}` })
    return this.send({ method, path: `/api/v1${path}`, json: body })
  }

  /** A request as it is, headers and all. */
  async send({ json, ...given }: RawRequest & { json?: unknown }, part: Part = body => body): Promise<Body> {
    const request = { ...given, body: json === undefined ? given.body : JSON.stringify(json) }
    const headers = {
      ...(json !== undefined && { 'content-type': 'application/json' }),
      ...(this.#token && { authorization: `Bearer ${this.#token}` }),
      ...given.headers,
    }
    const answer = await rawRequest(this.#url, { ...request, headers })
    const body = bodyOf(answer)
    this.#recorder.add({
      request: `${this.#name}: ${given.method ?? 'GET'} ${given.path}`,
      ...(given.headers && { with: given.headers }),
      ...(request.body !== undefined && { sent: shortened(json ?? request.body.toString('latin1')) }),
      ...{ status: answer.status, headers: recordedHeaders(answer), body: part(body) },
    })
    return body
  }
}

function bodyOf({ headers, text }: RawAnswer): Body {
  const isJson = text !== '' && /^application\/json/.test(`${headers['content-type']}`)
  return isJson ? JSON.parse(text) : text
}

function recordedHeaders({ headers }: RawAnswer): Record<string, unknown> {
  return Object.fromEntries(HEADERS.flatMap(name => (name in headers ? [[name, headers[name]]] : [])))
}

/** Keeps the answers in the order in which they came. */
export class Recorder {
  readonly answers: RecordedAnswer[] = []
  readonly #normalise: Normalise

  constructor(normalise: Normalise) {
    this.#normalise = normalise
  }

  add(answer: RecordedAnswer): void {
    this.answers.push(this.#normalise(answer) as RecordedAnswer)
  }
}

/** Long texts and what is nested too deep to be printed: the beginning and the length say which it was. */
function shortened(sent: unknown): unknown {
  if (typeof sent === 'string' && sent.length > LONGEST_SENT)
    return `${sent.slice(0, 20)}… (${sent.length} characters)`
  if (Array.isArray(sent)) return sent.map(shortened)
  if (sent === null || typeof sent !== 'object') return sent
  return Object.fromEntries(Object.entries(sent).map(([key, value]) => [key, shortened(value)]))
}
