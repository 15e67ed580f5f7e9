import { fileURLToPath } from 'node:url'
import {
  deployAndTest,
  deployOnly,
  type Places,
  publish,
  tested,
} from '../../src/test-server/deploy-and-test.ts'
import { requirePackage } from '../../src/test-server/package.ts'
import { createTestServer } from '../../src/test-server/server.ts'
import type { Protocol } from '../../src/test-server/submission.ts'
import type { Work } from '../../src/test-server/tasks.ts'
import { type Answer, type HttpNeighbour, type Matching, startHttpNeighbour } from './http-neighbour.ts'

/** Requests of version 2. */
export const CAPABILITIES: Matching = 'GET /api/capabilities'
export const CANCEL: Matching = /^POST \/api\/tasks\/[^/]+\/cancel$/
export const LOG: Matching = /^GET \/api\/tasks\/[^/]+\/log\b/

/** Requests of the protocol, for `answerNext` and `requestsTo`. */
export const SUBMIT: Matching = 'POST /api/deploy_and_test'
export const POLL: Matching = /^GET \/api\/tasks\/[^/]+$/

const cannedReport = fileURLToPath(new URL('../fixtures/canned-report/', import.meta.url))

export interface TestServerNeighbourOptions extends Places {
  protocol?: Protocol
  strict?: boolean
  minPhaseMs?: number
  /** Publish a report that was generated once instead of deploying and testing: fast. */
  canned?: boolean
  /** What it does instead of either. */
  work?: Work
}

/** The reference deploy_and_test server, on loopback. */
export async function startTestServer(options: TestServerNeighbourOptions): Promise<HttpNeighbour> {
  const work = options.work ?? (options.canned ? publishCanned(options) : deployAndTest(options))
  const testServer = createTestServer({ ...options, work })
  const server = await startHttpNeighbour(async request => {
    const answer = await testServer.answer(request)
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
  return async (submission, { enter }) => {
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
