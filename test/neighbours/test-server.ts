import { fileURLToPath } from 'node:url'
import {
  deployAndTest,
  deployOnly,
  type Places,
  publish,
  requirePackage,
  tested,
} from '../../src/test-server/deploy-and-test.ts'
import { createTestServer } from '../../src/test-server/server.ts'
import type { Work } from '../../src/test-server/tasks.ts'
import { type Answer, type HttpNeighbour, type Matching, startHttpNeighbour } from './http-neighbour.ts'

/** Requests of the protocol, for `answerNext` and `requestsTo`. */
export const SUBMIT: Matching = 'POST /api/deploy_and_test'
export const POLL: Matching = 'GET /api/tasks/'

const cannedReport = fileURLToPath(new URL('../fixtures/canned-report/', import.meta.url))

export interface TestServerNeighbourOptions extends Places {
  strict?: boolean
  minPhaseMs?: number
  /** Publish a report that was generated once instead of deploying and testing: fast. */
  canned?: boolean
}

/** The reference deploy_and_test server, on loopback. */
export async function startTestServer(options: TestServerNeighbourOptions): Promise<HttpNeighbour> {
  const work = options.canned ? publishCanned(options) : deployAndTest(options)
  const testServer = createTestServer({ ...options, work })
  const server = await startHttpNeighbour(({ method, url, body }) => {
    const answer = testServer.answer(method, new URL(url, 'http://localhost').pathname, body)
    return json(answer.body, answer.status)
  })
  return {
    ...server,
    async close() {
      await server.close()
      await testServer.close()
    },
  }
}

function publishCanned(places: Places): Work {
  return async (submission, enter) => {
    await enter('running:deploy')
    await requirePackage(submission)
    if (submission.test_path === 'deploy') return deployOnly(submission)
    await enter('running:test')
    return tested(submission, await publish(cannedReport, submission, places))
  }
}

export function json(body: unknown, status = 200): Answer {
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
}

/** A task as version 1 shows it, with whatever a test wants to see in it. */
export function taskAnswer(status: string, fields: Record<string, unknown> = {}): Answer {
  const start_time = '2025-06-18 02:15:54'
  return json({ task_id: 'task-1', status, start_time, end_time: null, result: null, error: null, ...fields })
}
