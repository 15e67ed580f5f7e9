import type { Queryable } from '../database/client.ts'
import { type Page, type PageOf, readPage } from '../database/paging.ts'
import type { TestResultModel as StoredTest } from '../generated/prisma/models.ts'
import { notFound } from '../lib/errors.ts'
import type { TestStatus } from '../lib/report-summary.ts'
import type { TestChange } from '../lib/test-result.ts'

export interface TestFilter extends Page {
  status?: TestStatus
  change?: TestChange
}

export async function listTestResults(
  db: Queryable,
  runId: number,
  { limit, offset, ...filter }: TestFilter,
): Promise<PageOf<StoredTest>> {
  if (!(await db.run.count({ where: { id: runId } }))) throw notFound('errors:run_not_found', { id: runId })
  const where = { runId, ...filter }
  return readPage(
    { limit, offset },
    {
      find: window => db.testResult.findMany({ where, orderBy: { position: 'asc' }, ...window }),
      count: most => db.testResult.count({ where, ...most }),
    },
  )
}

const TESTS_AT_ONCE = 2_000

/** All tests of a run in the order of the report, some at a time. */
export async function* eachTestResult(db: Queryable, runId: number): AsyncGenerator<StoredTest> {
  for (let after = -1; ; ) {
    const tests = await db.testResult.findMany({
      where: { runId, position: { gt: after } },
      orderBy: { position: 'asc' },
      take: TESTS_AT_ONCE,
    })
    yield* tests
    const last = tests.at(-1)
    if (!last) return
    after = last.position
  }
}
