import type { Queryable } from '../database/client.ts'
import { testStates } from '../database/states.ts'
import type {
  TestResultModel as StoredTest,
  TestComparisonModel as TestComparison,
} from '../generated/prisma/models.ts'
import type { TestChange } from '../lib/test-result.ts'

export interface ReportedTests {
  /** Without a previous run (`previousRunId` null), all failing tests are in `failing`. */
  comparison: TestComparison
  groups: Partial<Record<ReportedGroup, { total: number; tests: ReportedTest[] }>>
}

/** Each test is in one group; in `flaky` only if in no other. */
export type ReportedGroup = TestChange | 'failing' | 'flaky'

export type ReportedTest = Pick<StoredTest, 'name' | 'suite' | 'status' | 'flaky' | 'message' | 'trace'>

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
