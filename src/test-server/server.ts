import { readSubmission } from './submission.ts'
import { createTaskBook, type Work } from './tasks.ts'

export interface TestServerOptions {
  work: Work
  /** Refuse fields that version 1 does not name, as the pickiest servers do. Default true. */
  strict?: boolean
  /** Each state (pending, deploy, test) lasts at least so long. Default 0. */
  minPhaseMs?: number
}

interface JsonAnswer {
  status: number
  body: object
}

export interface TestServer {
  /** Answers one request; the caller does the HTTP. */
  answer(method: string, path: string, body: string): JsonAnswer
  /** Stops the tasks under way and waits for their end. */
  close(): Promise<void>
}

/** The deploy_and_test protocol, version 1. */
export function createTestServer({ work, strict = true, minPhaseMs = 0 }: TestServerOptions): TestServer {
  const tasks = createTaskBook(work, minPhaseMs)

  function submit(body: string): JsonAnswer {
    const json = parseJson(body)
    if (json === undefined) return { status: 400, body: { error: 'The body is not JSON' } }
    const read = readSubmission(json, strict)
    if ('error' in read) return { status: 422, body: { error: read.error } }
    return { status: 202, body: { task_id: tasks.submit(read.submission).task_id } }
  }

  function show(taskId: string): JsonAnswer {
    const task = tasks.find(taskId)
    return task
      ? { status: 200, body: task }
      : { status: 404, body: { error: `There is no task ${taskId} here` } }
  }

  return {
    answer(method, path, body) {
      const [, taskId] = /^\/api\/tasks\/([^/]+)$/.exec(path) ?? []
      if (method === 'POST' && path === '/api/deploy_and_test') return submit(body)
      if (method === 'GET' && taskId) return show(taskId)
      return { status: 404, body: { error: `There is nothing at ${method} ${path}` } }
    },
    close: tasks.close,
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
