import type { Queryable } from '../database/client.ts'
import { testStates } from '../database/states.ts'
import type { RunModel as Run } from '../generated/prisma/models.ts'
import { type Comparison, isFailing, type TestResult } from '../lib/test-result.ts'
import { compareResults, type PastRun } from './compare-results.ts'

const EARLIER_RUNS = 10

export async function compareWithEarlierRuns(
  db: Queryable,
  run: Run,
  tests: TestResult[],
): Promise<Comparison> {
  const runs = await db.run.findMany({
    where: {
      testItemId: run.testItemId,
      id: { lt: run.id },
      status: 'COMPLETED',
      comparison: { isNot: null },
    },
    select: { id: true, jobName: true, buildNumber: true, packagePath: true },
    orderBy: { id: 'desc' },
    take: EARLIER_RUNS,
  })
  const past = runs.map((each): PastRun => {
    return { id: each.id, build: buildOf(each), passed: new Set(), failing: new Set() }
  })
  await addVerdicts(db, past, tests)
  return compareResults(tests, buildOf(run), past)
}

// Not by build id: the build may have been deleted.
function buildOf(run: Pick<Run, 'jobName' | 'buildNumber' | 'packagePath'>): string {
  return JSON.stringify([run.jobName, run.buildNumber, run.packagePath])
}

async function addVerdicts(db: Queryable, past: PastRun[], tests: TestResult[]): Promise<void> {
  if (past.length === 0) return
  const runIds = past.map(({ id }) => id)
  const failingNow = tests.filter(isFailing).map(({ id }) => id)
  const rows = await db.$queryRaw<{ run_id: number; test_key: string; failing: boolean }[]>`
    WITH suspect AS (
      SELECT test_key FROM test_results WHERE run_id = ANY(${runIds}) AND status IN ${testStates.failing}
      UNION
      SELECT unnest(${failingNow}::text[])
    )
    SELECT run_id, test_key, bool_or(status IN ${testStates.failing}) AS failing
    FROM test_results JOIN suspect USING (test_key)
    WHERE run_id = ANY(${runIds}) AND status IN ${testStates.verdicts}
    GROUP BY run_id, test_key`
  const byId = new Map(past.map(run => [run.id, run]))
  for (const { run_id, test_key, failing } of rows) {
    const run = byId.get(run_id)
    if (failing) run?.failing.add(test_key)
    else run?.passed.add(test_key)
  }
}
