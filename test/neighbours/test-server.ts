import { randomUUID } from 'node:crypto'
import { cp, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { createLog } from '../../src/lib/log.ts'
import type { Context } from '../../src/test-server/context.ts'
import { openJournal } from '../../src/test-server/deploy/journal.ts'
import { requirePackage } from '../../src/test-server/deploy/package.ts'
import { deployAndTest } from '../../src/test-server/deploy-and-test.ts'
import { createMeetings } from '../../src/test-server/peers/meetings.ts'
import { recoverTask } from '../../src/test-server/recover.ts'
import { openTestServer } from '../../src/test-server/server.ts'
import { service } from '../../src/test-server/services/service.ts'
import { fixedServices } from '../../src/test-server/services/services.ts'
import type { Protocol } from '../../src/test-server/submission.ts'
import type { Work } from '../../src/test-server/tasks/task.ts'
import { publishReport, reportUrl } from '../../src/test-server/tests/report.ts'
import { type Answer, type HttpNeighbour, type Matching, startHttpNeighbour } from './http-neighbour.ts'

/** Requests of version 2. */
export const CAPABILITIES: Matching = 'GET /api/capabilities'
export const CANCEL: Matching = /^POST \/api\/tasks\/[^/]+\/cancel$/
export const LOG: Matching = /^GET \/api\/tasks\/[^/]+\/log\b/

/** Requests of the protocol, for `answerNext` and `requestsTo`. */
export const SUBMIT: Matching = 'POST /api/deploy_and_test'
export const POLL: Matching = /^GET \/api\/tasks\/[^/]+$/

const cannedReport = fileURLToPath(new URL('../fixtures/canned-report/', import.meta.url))

export interface TestServerNeighbourOptions {
  /** Where it keeps its tasks. */
  workDir: string
  /** Reports are published here, one folder each. */
  reportDir: string
  /** Where `reportDir` is served, for a submission whose `base_url` is empty. */
  reportBaseUrl: string
  /** Default 1. */
  protocol?: Protocol
  /** Default true: the pickiest server. */
  strict?: boolean
  /** Each state (pending, deploy, test) lasts at least so long. Default 0. */
  minPhaseMs?: number
  /** Publish a report that was generated once instead of deploying and testing: fast. */
  canned?: boolean
  /** What it does instead of either. */
  work?: Work
}

/** The project's deploy_and_test server, on loopback. Whatever the service, it runs the tests in the package. */
export async function startTestServer(options: TestServerNeighbourOptions): Promise<HttpNeighbour> {
  const { protocol = 1, strict = true, workDir: dataDir, reportDir, minPhaseMs = 0 } = options
  const context = await contextFor(options)
  const work = options.work ?? (options.canned ? publishCanned(context) : deployAndTest(context))
  const testServer = await openTestServer({
    ...{ dataDir, reportDir, protocol, strict, recover: recoverTask(context), log: createLog('silent') },
    work: atLeast(minPhaseMs, work),
    // As servers do that install nothing: tasks do not wait for each other.
    laneOf: ({ task }) => task.task_id,
  })
  const server = await startHttpNeighbour(async request => {
    const { status, headers, body } = await testServer.answer(request)
    const raw = typeof body === 'string' || body instanceof Readable
    return raw ? { status, headers, body } : json(body, status)
  })
  return {
    ...server,
    async close() {
      await server.close()
      await testServer.close()
    },
  }
}

async function contextFor(options: TestServerNeighbourOptions): Promise<Context> {
  const { workDir: dataDir, reportDir, reportBaseUrl } = options
  await mkdir(dataDir, { recursive: true })
  return {
    ...{ dataDir, reportDir, reportBaseUrl, keepReports: 1000, token: null, instance: randomUUID() },
    services: fixedServices([testsOfThePackage()]),
    journal: await openJournal(join(dataDir, 'deploys')),
    meetings: createMeetings(),
  }
}

/** Takes every name, deploys nothing and runs `tests/*.test.mjs` of the package. */
function testsOfThePackage() {
  const nodeTest = `"${process.execPath}" --test --test-reporter="$ALLURE_NODE_REPORTER"`
  return service.parse({
    ...{ name: 'package', aliases: ['*'], kind: 'command', deploy: ['true'] },
    tests: { command: `${nodeTest} "\${TEST_PATH:-tests}/*.test.mjs"` },
  })
}

/** So slow that every state can be seen. */
function atLeast(ms: number, work: Work): Work {
  if (ms === 0) return work
  return async (submission, tools) => {
    const last = () => pause(ms, undefined, { signal: tools.signal })
    await last()
    return await work(submission, {
      ...tools,
      async enter(status) {
        await tools.enter(status)
        await last()
      },
    })
  }
}

function publishCanned(context: Context): Work {
  return async (submission, { enter, folder }) => {
    const { service_name: name, upgrade_type, report_keyword, base_url } = submission
    const deploy = { service: name, upgrade_type, success: true }
    await enter('running:deploy')
    await requirePackage(submission)
    if (submission.test_path === 'deploy')
      return {
        deploy,
        test: {
          skipped: true,
          reason: 'test_path is "deploy": the package was only deployed',
          report_url: 'None',
        },
      }
    await enter('running:test')
    const report = join(folder, 'work', 'report')
    await cp(cannedReport, report, { recursive: true })
    return {
      deploy,
      test: {
        report_url: reportUrl(await publishReport(report, report_keyword, context), base_url, context),
      },
    }
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
