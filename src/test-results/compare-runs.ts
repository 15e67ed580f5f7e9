import type { Queryable } from '../database/client.ts'
import { testStates, worstTestStatus } from '../database/states.ts'
import { Prisma } from '../generated/prisma/client.ts'
import { notFound } from '../lib/errors.ts'
import type { TestStatus } from '../lib/report-summary.ts'
import type { TestedRun } from './item-tests.ts'

export interface ChangedTest {
  key: string
  name: string
  suite: string
  /** In the earlier run, and in the later one; null where it was not in the report. */
  before: TestStatus | null
  status: TestStatus | null
  message: string | null
}

export const DIFFERENCES = ['new_failures', 'fixed', 'still_failing', 'added', 'removed'] as const
export type Difference = (typeof DIFFERENCES)[number]

export interface RunComparison {
  before: TestedRun
  after: TestedRun
  totals: Record<Difference, number>
  lists: Record<Difference, ChangedTest[]>
}

const noLists = () => ({ new_failures: [], fixed: [], still_failing: [], added: [], removed: [] })
const noTotals = () => ({ new_failures: 0, fixed: 0, still_failing: 0, added: 0, removed: 0 })

/** Compares the tests of two runs, in whichever order they are named: the earlier run comes before the later one. */
export async function compareRuns(
  db: Queryable,
  ids: [number, number],
  limit: number,
): Promise<RunComparison> {
  const [before, after] = await Promise.all([
    findTestedRun(db, Math.min(...ids)),
    findTestedRun(db, Math.max(...ids)),
  ])
  const rows = await readDifferences(db, before.id, after.id, limit)
  const comparison: RunComparison = { before, after, totals: noTotals(), lists: noLists() }
  for (const { difference, total, ...test } of rows) {
    comparison.totals[difference] = total
    comparison.lists[difference].push(test)
  }
  return comparison
}

async function findTestedRun(db: Queryable, id: number): Promise<TestedRun> {
  const run = await db.run.findUnique({
    where: { id },
    select: { id: true, jobName: true, buildNumber: true, status: true, outcome: true, finishedAt: true },
  })
  if (!run) throw notFound('errors:run_not_found', { id })
  return run
}

const verdictsOf = (runId: number) => Prisma.sql`
  SELECT test_key, min(position) AS position, min(name) AS name, min(suite) AS suite,
    ${worstTestStatus} AS status
  FROM test_results WHERE run_id = ${runId} GROUP BY test_key`

type Row = ChangedTest & { difference: Difference; total: number }

/** A test that is new and fails is in two lists. */
function readDifferences(db: Queryable, before: number, after: number, limit: number): Promise<Row[]> {
  return db.$queryRaw<Row[]>`
    WITH pair AS (
      SELECT test_key AS key, coalesce(a.name, b.name) AS name, coalesce(a.suite, b.suite) AS suite,
        b.status AS before, a.status, coalesce(a.position, b.position) AS position
      FROM (${verdictsOf(before)}) AS b FULL JOIN (${verdictsOf(after)}) AS a USING (test_key)
      WHERE a.status IN ${testStates.failing} OR b.status IN ${testStates.failing}
        OR a.status IS NULL OR b.status IS NULL
    ), difference AS (
      SELECT pair.*, difference, (count(*) OVER (PARTITION BY difference))::int AS total,
        row_number() OVER (PARTITION BY difference ORDER BY position) AS place
      FROM pair, unnest(ARRAY[
        CASE WHEN status IN ${testStates.failing}
          THEN CASE WHEN before IN ${testStates.failing} THEN 'still_failing' ELSE 'new_failures' END
          WHEN status = 'passed' AND before IN ${testStates.failing} THEN 'fixed' END,
        CASE WHEN before IS NULL THEN 'added' WHEN status IS NULL THEN 'removed' END
      ]) AS difference
      WHERE difference IS NOT NULL
    )
    SELECT difference, total, key, name, suite, before, status,
      CASE WHEN status IN ${testStates.failing} THEN (
        SELECT message FROM test_results
        WHERE test_key = key AND run_id = ${after} AND message IS NOT NULL ORDER BY position LIMIT 1
      ) END AS message
    FROM difference WHERE place <= ${limit} ORDER BY place`
}
