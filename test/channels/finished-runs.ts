import { outcomeOf } from '../../src/lib/report-summary.ts'
import type { TestResult } from '../../src/lib/test-result.ts'
import { recordEvent } from '../../src/runs/record-event.ts'
import { figures } from '../notifications/mail/runs.ts'
import { LI_WEI, type World } from '../world/index.ts'

type Status = TestResult['status']

/** Runs that end at the word of a test, in a process that drives none. */
export function runsOf({ crat: { ctx } }: World, testItemId: number, buildId: number | null = null) {
  const create = (status: 'PENDING' | 'MONITORING', createdAt = new Date()) =>
    ctx.db.run.create({
      data: {
        ...{
          testItemId,
          buildId,
          status,
          createdAt,
          triggeredBy: LI_WEI,
          itemName: 'cds',
          jobName: 'CDN/Core',
        },
        ...{ buildNumber: 101, packagePath: 'release/cds.tgz', parameters: {}, packageBaseUrl: '' },
        ...{ testServerUrl: '', maxQueryHours: 1, queryInterval: 1, queryTimeout: 1 },
        startedAt: status === 'PENDING' ? null : createdAt,
      },
    })
  return {
    queued: (createdAt: Date) => create('PENDING', createdAt),
    async fails(): Promise<number> {
      const run = await create('MONITORING')
      const error = { key: 'errors:run_stuck', params: { status: 'MONITORING' }, message: 'It hangs.' }
      await recordEvent(ctx, run, { type: 'failed', error })
      return run.id
    },
    async cancelled(status: 'PENDING' | 'MONITORING'): Promise<number> {
      const run = await create(status)
      await recordEvent(ctx, run, { type: 'cancelled', by: 'admin' })
      return run.id
    },
    /** Ends with these tests, such as `{ login: 'passed' }`. */
    async ends(tests: Record<string, Status>, createdAt = new Date()): Promise<number> {
      const run = await create('MONITORING', createdAt)
      const results = Object.entries(tests).map(([name, status]) => resultOf(name, status))
      const count = (wanted: Status) => results.filter(({ status }) => status === wanted).length
      const summary = figures({
        ...{ passed: count('passed'), failed: count('failed'), broken: count('broken') },
        skipped: count('skipped'),
        total: results.length,
      })
      await recordEvent(ctx, run, {
        ...{ type: 'tested', reportUrl: 'http://reports.example/1/', summary, outcome: outcomeOf(summary) },
        ...{ tests: results, answer: {}, details: {} },
      })
      return run.id
    },
  }
}

function resultOf(name: string, status: Status): TestResult {
  return {
    ...{ id: name, name, suite: 'Cache', status, duration_ms: 5, message: null, trace: null },
    ...{ retries: 0, flaky: false },
  }
}
