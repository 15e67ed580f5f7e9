import { EventEmitter, once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { pipeline } from 'node:stream/promises'

export interface SeenRequest {
  method: string
  /** Decoded by nobody: path and query as they came. */
  url: string
  headers: IncomingHttpHeaders
  body: string
}

export interface Answer {
  status?: number
  headers?: Record<string, string>
  body?: string | Buffer | Readable
}

/** The right answer, damaged on its way. Offsets are bytes of the body. */
interface Damage {
  cutAfter?: number
  stallAfter?: number
  flipByteAt?: number
}

/** How a request is answered instead: with this, never, with a closed connection, or right but damaged. */
type Misbehaviour = Answer | 'silence' | 'hang-up' | { damage: Damage }

/** Matches `METHOD /path?query`: by a part of it, or by a pattern. */
export type Matching = string | RegExp

export interface HttpNeighbour {
  url: string
  /** Every request so far, oldest first. */
  requests: SeenRequest[]
  requestsTo(matching: Matching): SeenRequest[]
  /** Resolves with the `nth` request that matches, counted from the start, past or to come. */
  waitForRequest(matching: Matching, nth?: number): Promise<SeenRequest>
  /** The next matching requests are answered so, one each; then it behaves again. */
  answerNext(matching: Matching, ...answers: Misbehaviour[]): void
  /** Matching requests are answered so until `behave()`. */
  answerAlways(matching: Matching, answer: Misbehaviour): void
  behave(): void
  close(): Promise<void>
}

export type Handler = (request: SeenRequest) => Answer | Promise<Answer>

/** An HTTP server on loopback that answers as `handler` says, unless it is to misbehave. */
export async function startHttpNeighbour(handler: Handler): Promise<HttpNeighbour> {
  const requests: SeenRequest[] = []
  const seen = new EventEmitter()
  let rules: { matching: Matching; answer: Misbehaviour; once: boolean }[] = []

  const server = createServer(async (req, res) => {
    const { method = 'GET', url = '/', headers } = req
    // A client that goes away while it is being answered is no fault of ours.
    const body = await text(req).catch(() => null)
    if (body === null) return
    const request = { method, url, headers, body }
    const answer = takeMisbehaviour(request)
    requests.push(request)
    seen.emit('request')
    await respond(request, answer, handler, res).catch(() => hangUp(res))
  })

  function takeMisbehaviour(request: SeenRequest): Misbehaviour | undefined {
    const rule = rules.find(({ matching }) => matches(request, matching))
    if (rule?.once) rules = rules.filter(other => other !== rule)
    return rule?.answer
  }

  const requestsTo = (matching: Matching) => requests.filter(request => matches(request, matching))

  await once(server.listen(0, '127.0.0.1'), 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    requestsTo,
    async waitForRequest(matching, nth = 1) {
      for (;;) {
        const request = requestsTo(matching)[nth - 1]
        if (request) return request
        await once(seen, 'request')
      }
    },
    answerNext(matching, ...answers) {
      rules.push(...answers.map(answer => ({ matching, answer, once: true })))
    },
    answerAlways(matching, answer) {
      rules.push({ matching, answer, once: false })
    },
    behave() {
      rules = []
    },
    async close() {
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
}

function matches({ method, url }: SeenRequest, matching: Matching): boolean {
  const line = `${method} ${url}`
  return typeof matching === 'string' ? line.includes(matching) : matching.test(line)
}

async function respond(
  request: SeenRequest,
  misbehaviour: Misbehaviour | undefined,
  handler: Handler,
  res: ServerResponse,
): Promise<void> {
  if (misbehaviour === 'silence') return
  if (misbehaviour === 'hang-up') return hangUp(res)
  const damage = misbehaviour && 'damage' in misbehaviour ? misbehaviour.damage : undefined
  const answer = misbehaviour && !damage ? (misbehaviour as Answer) : await handler(request)
  res.writeHead(answer.status ?? 200, answer.headers)
  const body = answer.body ?? ''
  if (request.method === 'HEAD') return void res.end()
  if (damage) return sendDamaged(body, damage, res)
  if (body instanceof Readable) return pipeline(body, res)
  res.end(body)
}

async function sendDamaged(body: string | Buffer | Readable, damage: Damage, res: ServerResponse) {
  const { cutAfter, stallAfter, flipByteAt = -1 } = damage
  const limit = cutAfter ?? stallAfter ?? Number.POSITIVE_INFINITY
  const source: AsyncIterable<Buffer> = body instanceof Readable ? body : Readable.from([Buffer.from(body)])
  let offset = 0
  res.flushHeaders()
  for await (const chunk of source) {
    const part = Buffer.from(chunk.subarray(0, limit - offset))
    const byte = part[flipByteAt - offset]
    if (byte !== undefined) part[flipByteAt - offset] = byte ^ 0xff
    await flushed(res, part)
    offset += part.length
    if (offset >= limit) break
  }
  if (cutAfter !== undefined) hangUp(res)
  else if (stallAfter === undefined) res.end()
}

/** Not `res.destroy()`: it does nothing while the answer before it on this connection is not quite finished. */
function hangUp(res: ServerResponse): void {
  res.req.socket.destroy()
}

/** Waits until the bytes have left, so that a cut after them does not take them back. */
function flushed(res: ServerResponse, part: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    res.write(part, error => (error ? reject(error) : resolve()))
  })
}
