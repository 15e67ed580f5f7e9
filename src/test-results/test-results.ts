import type { Queryable, Transaction } from '../database/client.ts'
import { testStates } from '../database/states.ts'
import type { Page, PageOf } from '../database/store.ts'
import type {
  RunModel as Run,
  TestResultModel as StoredTest,
  TestComparisonModel as TestComparison,
} from '../generated/prisma/models.ts'
import { notFound } from '../lib/errors.ts'
import type { TestStatus } from '../lib/report-summary.ts'
import { type Comparison, isFailing, type TestChange, type TestResult } from '../lib/test-result.ts'
import { storable } from '../lib/text.ts'
import { compareResults, type PastRun } from './compare-results.ts'

/** How many earlier runs say whether a test flips. */
const RUNS_LOOKED_AT = 10

/** A run's tests beside those of the item's earlier runs. Reads of these only what fails, and what else became of that. */
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
    take: RUNS_LOOKED_AT,
  })
  const past = runs.map((each): PastRun => {
    return { id: each.id, build: buildOf(each), passed: new Set(), failing: new Set() }
  })
  await addVerdicts(db, past, tests)
  return compareResults(tests, buildOf(run), past)
}

/** A build may be deleted, what was frozen of it stays. */
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

const ROWS_AT_ONCE = 5000

/**
 * Writes down a run's tests, in the transaction that ends it: whoever learns of the end finds them, and a crash leaves
 * neither without the other. They go in as one JSON text per 5,000, which takes a tenth of what single values take.
 */
export async function saveComparison(tx: Transaction, runId: number, comparison: Comparison): Promise<void> {
  const { previousRunId, tests } = comparison
  await tx.testComparison.create({ data: { runId, previousRunId, ...countChanges(comparison) } })
  const rows = tests.map((test, position) => storable({ ...test, position }))
  for (let start = 0; start < rows.length; start += ROWS_AT_ONCE) {
    const json = JSON.stringify(rows.slice(start, start + ROWS_AT_ONCE))
    await tx.$executeRaw`
      INSERT INTO test_results (run_id, position, test_key, name, suite, status, change, flaky,
        duration_ms, retries, message, trace)
      SELECT ${runId}, position, id, name, suite, status, change, flaky, duration_ms, retries, message, trace
      FROM jsonb_to_recordset(${json}::jsonb) AS test(position int, id text, name text, suite text,
        status test_status, change test_change, flaky boolean, duration_ms float8, retries int,
        message text, trace text)`
  }
}

function countChanges({ tests }: Comparison) {
  const count = (change: TestChange) => tests.filter(test => test.change === change).length
  return {
    newFailures: count('new_failure'),
    stillFailing: count('still_failing'),
    fixed: count('fixed'),
    flaky: tests.filter(({ flaky }) => flaky).length,
  }
}

export interface TestFilter extends Page {
  status?: TestStatus
  change?: TestChange
}

/** A run's tests in the order of its report; none where they are not known. 404 where there is no such run. */
export async function listTestResults(
  db: Queryable,
  runId: number,
  { limit, offset, ...filter }: TestFilter,
): Promise<PageOf<StoredTest>> {
  if (!(await db.run.count({ where: { id: runId } }))) throw notFound('errors:run_not_found', { id: runId })
  const where = { runId, ...filter }
  const [data, total] = await Promise.all([
    db.testResult.findMany({ where, orderBy: { position: 'asc' }, take: limit, skip: offset }),
    db.testResult.count({ where }),
  ])
  return { data, total, limit, offset }
}

/** What a page shows of a run's tests. */
export interface ReportedTests {
  /** `previousRunId` null: there was nothing to compare with, and all that fails is in `failing`. */
  comparison: TestComparison
  groups: Partial<Record<ReportedGroup, { total: number; tests: ReportedTest[] }>>
}

/** A test that fails, has changed or is flaky stands in one of these; in `flaky` only where in no other. */
export type ReportedGroup = TestChange | 'failing' | 'flaky'
export type ReportedTest = Pick<StoredTest, 'name' | 'suite' | 'status' | 'flaky' | 'message' | 'trace'>

/** What fails, has changed or is flaky in a run, the first `limit` of each; null where its tests are not known. */
export async function findReportedTests(
  db: Queryable,
  runId: number,
  limit: number,
): Promise<ReportedTests | null> {
  const comparison = await db.testComparison.findUnique({ where: { runId } })
  if (!comparison) return null
  const rows = await db.$queryRaw<(ReportedTest & { reported_as: ReportedGroup; total: number })[]>`
    SELECT name, suite, status, flaky, message, trace, reported_as, total
    FROM (
      SELECT *, (count(*) OVER (PARTITION BY reported_as))::int AS total,
        row_number() OVER (PARTITION BY reported_as ORDER BY position) AS number
      FROM (
        SELECT *, CASE WHEN change IS NOT NULL THEN change::text
          WHEN status IN ${testStates.failing} THEN 'failing' ELSE 'flaky' END AS reported_as
        FROM test_results
        WHERE run_id = ${runId} AND (status IN ${testStates.failing} OR change IS NOT NULL OR flaky)
      ) AS reported
    ) AS numbered
    WHERE number <= ${limit}
    ORDER BY position`
  const groups: ReportedTests['groups'] = {}
  for (const { reported_as, total, ...test } of rows) {
    groups[reported_as] ??= { total, tests: [] }
    groups[reported_as].tests.push(test)
  }
  return { comparison, groups }
}
