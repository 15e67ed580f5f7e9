import type { Queryable } from '../database/client.ts'
import { type Page, type PageOf, readPage } from '../database/paging.ts'
import { testStates, worstTestStatus } from '../database/states.ts'
import { Prisma } from '../generated/prisma/client.ts'
import type { ItemTestModel as KnownTest, RunModel as Run } from '../generated/prisma/models.ts'
import { notFound } from '../lib/errors.ts'
import type { TestStatus } from '../lib/report-summary.ts'
import { WORST_FIRST } from '../lib/test-result.ts'
import { storable } from '../lib/text.ts'

/** A run whose single tests are known. */
export type TestedRun = Pick<Run, 'id' | 'jobName' | 'buildNumber' | 'status' | 'outcome' | 'finishedAt'>

export interface PastResult {
  runId: number
  buildNumber: number
  status: TestStatus
  durationMs: number | null
}

export type ItemTest = KnownTest & { flaky: boolean; lastRuns: PastResult[] }

export interface ItemTestFilter extends Page {
  status?: TestStatus
  flaky?: boolean
  q?: string
}

const LAST_RUNS = 20

/** In percent; runs that skipped the test do not count. */
export function failureRate({ passes, failures }: Pick<KnownTest, 'passes' | 'failures'>): number | null {
  const judged = passes + failures
  return judged ? Math.round((failures * 10_000) / judged) / 100 : null
}

export function listTestedRuns(db: Queryable, testItemId: number, window: Page): Promise<TestedRun[]> {
  return db.run.findMany({
    where: { testItemId, comparison: { isNot: null } },
    select: { id: true, jobName: true, buildNumber: true, status: true, outcome: true, finishedAt: true },
    orderBy: { id: 'desc' },
    ...{ take: window.limit, skip: window.offset },
  })
}

/** Lists the tests of an item: those that fail first, then those that failed most often. */
export async function listItemTests(
  db: Queryable,
  testItemId: number,
  { limit, offset, ...filter }: ItemTestFilter,
): Promise<PageOf<ItemTest>> {
  const recent = await listTestedRuns(db, testItemId, { limit: LAST_RUNS, offset: 0 })
  const where = conditions(testItemId, filter, recent)
  const page = await readPage(
    { limit, offset },
    {
      find: ({ take, skip }) => db.$queryRaw<KnownTest[]>`
        SELECT ${COLUMNS} FROM item_tests WHERE ${where}
        ORDER BY last_status IN ${testStates.failing} DESC, failures DESC, suite COLLATE "C", name COLLATE "C", test_key
        LIMIT ${take} OFFSET ${skip}`,
      async count({ take }) {
        const [found] = await db.$queryRaw<{ count: number }[]>`
          SELECT count(*)::int AS count FROM (SELECT FROM item_tests WHERE ${where} LIMIT ${take}) AS counted`
        return found?.count ?? 0
      },
    },
  )
  return { ...page, data: await withLastRuns(db, page.data, recent) }
}

export async function getItemTest(db: Queryable, testItemId: number, testKey: string): Promise<ItemTest> {
  const known = await db.itemTest.findUnique({ where: { testItemId_testKey: { testItemId, testKey } } })
  if (!known) throw notFound('errors:item_test_not_found', { id: testItemId })
  const recent = await listTestedRuns(db, testItemId, { limit: LAST_RUNS, offset: 0 })
  const [test] = await withLastRuns(db, [known], recent)
  return test as ItemTest
}

const COLUMNS = Prisma.sql`test_item_id AS "testItemId", test_key AS "testKey", name, suite,
  last_status::text AS "lastStatus", last_run_id AS "lastRunId", runs, passes, failures,
  first_failed_run_id AS "firstFailedRunId", last_flaky_run_id AS "lastFlakyRunId"`

function conditions(
  testItemId: number,
  { status, flaky, q }: Omit<ItemTestFilter, keyof Page>,
  recent: TestedRun[],
): Prisma.Sql {
  const since = recent.at(-1)?.id ?? 0
  const contains = q && `%${storable(q).replace(/[\\%_]/g, '\\$&')}%`
  return Prisma.join(
    [
      Prisma.sql`test_item_id = ${testItemId}`,
      ...(status ? [Prisma.sql`last_status = ${status}::test_status`] : []),
      ...(flaky === true ? [Prisma.sql`last_flaky_run_id >= ${since}`] : []),
      ...(flaky === false ? [Prisma.sql`coalesce(last_flaky_run_id, 0) < ${since}`] : []),
      ...(contains ? [Prisma.sql`(name ILIKE ${contains} OR suite ILIKE ${contains})`] : []),
    ],
    ' AND ',
  )
}

async function withLastRuns(db: Queryable, tests: KnownTest[], recent: TestedRun[]): Promise<ItemTest[]> {
  const since = recent.at(-1)?.id ?? 0
  const results = await readResults(
    db,
    tests.map(test => test.testKey),
    recent.map(run => run.id),
  )
  const byKey = Map.groupBy(results, result => result.testKey)
  const builds = new Map(recent.map(run => [run.id, run.buildNumber]))
  return tests.map(test => ({
    ...test,
    flaky: test.lastFlakyRunId !== null && test.lastFlakyRunId >= since,
    lastRuns: (byKey.get(test.testKey) ?? []).map(({ testKey: _, ...result }) => ({
      ...result,
      buildNumber: builds.get(result.runId) ?? 0,
    })),
  }))
}

type RunResult = Omit<PastResult, 'buildNumber'> & { testKey: string }

/** Newest run first. */
function readResults(db: Queryable, keys: string[], runIds: number[]): Promise<RunResult[]> {
  if (!keys.length || !runIds.length) return Promise.resolve([])
  return db.$queryRaw<RunResult[]>`
    SELECT test_key AS "testKey", run_id AS "runId", max(duration_ms) AS "durationMs",
      ${worstTestStatus} AS status
    FROM test_results WHERE test_key = ANY(${keys}) AND run_id = ANY(${runIds})
    GROUP BY test_key, run_id ORDER BY run_id DESC`
}

export interface ResultInRun {
  run: TestedRun
  /** null: the report did not list it. */
  result: {
    status: TestStatus
    durationMs: number | null
    flaky: boolean
    message: string | null
    trace: string | null
  } | null
}

/** One test in the item's runs, newest first. */
export async function listResultsOfTest(
  db: Queryable,
  testItemId: number,
  testKey: string,
  { limit, offset }: Page,
): Promise<PageOf<ResultInRun>> {
  const page = await readPage(
    { limit, offset },
    {
      find: ({ take, skip }) => listTestedRuns(db, testItemId, { limit: take, offset: skip }),
      count: ({ take }) => db.run.count({ where: { testItemId, comparison: { isNot: null } }, take }),
    },
  )
  const runIds = page.data.map(run => run.id)
  const rows = await db.testResult.findMany({
    where: { testKey, runId: { in: runIds } },
    select: { runId: true, status: true, durationMs: true, flaky: true, message: true, trace: true },
    orderBy: [{ runId: 'desc' }, { position: 'asc' }],
  })
  const byRun = Map.groupBy(rows, row => row.runId)
  return { ...page, data: page.data.map(run => ({ run, result: worstOf(byRun.get(run.id) ?? []) })) }
}

function worstOf<T extends { status: TestStatus }>(results: T[]): T | null {
  const [worst] = results.toSorted((a, b) => WORST_FIRST.indexOf(a.status) - WORST_FIRST.indexOf(b.status))
  return worst ?? null
}
