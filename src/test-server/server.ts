import { type Protocol, readSubmission } from './submission.ts'
import { createTaskBook, type Work } from './tasks.ts'

export interface TestServerOptions {
  work: Work
  /** Version 1 knows nothing of version 2. Default 1. */
  protocol?: Protocol
  /** Refuse fields that the version does not name, as the pickiest servers do. Default true. */
  strict?: boolean
  /** Each state (pending, deploy, test) lasts at least so long. Default 0. */
  minPhaseMs?: number
}

interface JsonRequest {
  method: string
  /** Path and query. */
  url: string
  headers: Record<string, string | string[] | undefined>
  body: string
}

interface JsonAnswer {
  status: number
  body: object
}

export interface TestServer {
  /** Answers one request; the caller does the HTTP. */
  answer(request: JsonRequest): Promise<JsonAnswer>
  /** Stops the tasks under way and waits for their end. */
  close(): Promise<void>
}

const FEATURES = ['idempotency', 'long_poll', 'cancel', 'log', 'package_url']
const MAX_WAIT_SECONDS = 60

/** The deploy_and_test protocol, version 1 or 2. */
export function createTestServer(options: TestServerOptions): TestServer {
  const { work, protocol = 1, strict = true, minPhaseMs = 0 } = options
  const tasks = createTaskBook(work, minPhaseMs)

  function submit(body: string, key: string | undefined): JsonAnswer {
    const json = parseJson(body)
    if (json === undefined) return { status: 400, body: { error: 'The body is not JSON' } }
    const read = readSubmission(json, { strict, protocol })
    if ('error' in read) return { status: 422, body: { error: read.error } }
    return { status: 202, body: { task_id: tasks.submit(read.submission, key).task_id } }
  }

  function readLog(taskId: string, asked: string | null): JsonAnswer {
    const log = tasks.readLog(taskId)
    if (!log) return unknownTask(taskId)
    const part = /^\d{1,15}$/.test(asked ?? '0') ? log.read(Number(asked)) : null
    if (!part) return { status: 400, body: { error: `The log has ${log.size()} bytes: no offset ${asked}` } }
    return { status: 200, body: { ...part, eof: log.over && part.next_offset === log.size() } }
  }

  function answerVersionOne({ method, body }: JsonRequest, path: string): JsonAnswer {
    const [, taskId] = /^\/api\/tasks\/([^/]+)$/.exec(path) ?? []
    if (method === 'POST' && path === '/api/deploy_and_test') return submit(body, undefined)
    if (method === 'GET' && taskId) return shown(tasks.find(taskId), taskId)
    return { status: 404, body: { error: `There is nothing at ${method} ${path}` } }
  }

  /** What version 1 does not have; null where both do the same. */
  async function answerVersionTwo(request: JsonRequest, { pathname, searchParams }: URL) {
    const { method, headers, body } = request
    const [, taskId = '', verb] = /^\/api\/tasks\/([^/]+)(?:\/(cancel|log))?$/.exec(pathname) ?? []
    const wait = Math.min(MAX_WAIT_SECONDS, Number(searchParams.get('wait')))
    if (method === 'GET' && pathname === '/api/capabilities')
      return { status: 200, body: { protocol, features: FEATURES } }
    if (method === 'POST' && pathname === '/api/deploy_and_test')
      return submit(body, headers['idempotency-key']?.toString())
    if (method === 'POST' && verb === 'cancel') return shown(await tasks.cancel(taskId), taskId)
    if (method === 'GET' && verb === 'log') return readLog(taskId, searchParams.get('offset'))
    if (method === 'GET' && taskId && wait > 0)
      return shown(await tasks.findLater(taskId, wait * 1000), taskId)
    return null
  }

  return {
    async answer(request) {
      const url = new URL(request.url, 'http://localhost')
      const answer = protocol === 2 ? await answerVersionTwo(request, url) : null
      return answer ?? answerVersionOne(request, url.pathname)
    },
    close: tasks.close,
  }
}

function shown(task: object | undefined, taskId: string): JsonAnswer {
  return task ? { status: 200, body: task } : unknownTask(taskId)
}

function unknownTask(taskId: string): JsonAnswer {
  return { status: 404, body: { error: `There is no task ${taskId} here` } }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
