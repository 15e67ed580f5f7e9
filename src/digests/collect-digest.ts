import type { Queryable } from '../database/client.ts'

interface ItemWeek {
  id: number
  name: string
  runs: number
  passed: number
  failed: number
  errors: number
  started: number
  waitedMs: number
  longestWaitMs: number
  lastRunId: number | null
}

interface TestFigure {
  itemId: number
  name: string
  suite: string
  /** How often it was flaky, or how long it took, in milliseconds. */
  value: number
}

/** What happened in a week, for each item that ran. */
export interface Week {
  items: ItemWeek[]
  flakiest: TestFigure[]
  slowest: TestFigure[]
}

const TESTS_OF_ITEM = 5
/** The newest of them: a bound, whatever the week was like. */
const MOST_FLAKY_RUNS = 2000

export async function collectWeek(db: Queryable, since: Date, until: Date): Promise<Week> {
  const items = await db.$queryRaw<ItemWeek[]>`
    SELECT item.id, item.name, run.* FROM (
      SELECT test_item_id, count(*)::int AS runs,
        (count(*) FILTER (WHERE outcome = 'passed'))::int AS passed,
        (count(*) FILTER (WHERE outcome = 'failed'))::int AS failed,
        (count(*) FILTER (WHERE status = 'FAILED'))::int AS errors,
        count(started_at)::int AS started,
        coalesce(sum(extract(epoch FROM started_at - created_at)) * 1000, 0)::float8 AS "waitedMs",
        coalesce(max(extract(epoch FROM started_at - created_at)) * 1000, 0)::float8 AS "longestWaitMs",
        max(id) FILTER (WHERE status = 'COMPLETED') AS "lastRunId"
      FROM deploy_test_runs WHERE finished_at >= ${since} AND finished_at < ${until}
      GROUP BY test_item_id) run
    JOIN test_items item ON item.id = run.test_item_id ORDER BY item.name`
  const lastRuns = items.flatMap(({ lastRunId }) => lastRunId ?? [])
  const [flakiest, slowest] = await Promise.all([listFlakiest(db, since, until), listSlowest(db, lastRuns)])
  return { items, flakiest, slowest }
}

function listFlakiest(db: Queryable, since: Date, until: Date): Promise<TestFigure[]> {
  return db.$queryRaw<TestFigure[]>`
    WITH run AS MATERIALIZED (
      SELECT run.id, run.test_item_id FROM deploy_test_runs run
      JOIN test_comparisons comparison ON comparison.run_id = run.id AND comparison.flaky > 0
      WHERE run.finished_at >= ${since} AND run.finished_at < ${until}
      ORDER BY run.id DESC LIMIT ${MOST_FLAKY_RUNS}
    ), test AS (
      SELECT run.test_item_id, max(test.name) AS name, max(test.suite) AS suite, count(*)::int AS value,
        row_number() OVER (PARTITION BY run.test_item_id ORDER BY count(*) DESC, test.test_key) AS place
      FROM run JOIN test_results test ON test.run_id = run.id AND test.flaky
      GROUP BY run.test_item_id, test.test_key)
    SELECT test_item_id AS "itemId", name, suite, value FROM test WHERE place <= ${TESTS_OF_ITEM}
    ORDER BY value DESC, name`
}

/** Of the last run of each item. */
async function listSlowest(db: Queryable, runIds: number[]): Promise<TestFigure[]> {
  return db.$queryRaw<TestFigure[]>`
    SELECT run.test_item_id AS "itemId", test.name, test.suite, test.duration_ms AS value
    FROM deploy_test_runs run CROSS JOIN LATERAL (
      SELECT name, suite, duration_ms FROM test_results
      WHERE run_id = run.id AND duration_ms IS NOT NULL
      ORDER BY duration_ms DESC LIMIT ${TESTS_OF_ITEM}) test
    WHERE run.id = ANY(${runIds}) ORDER BY value DESC, name`
}

/** The part of some items; null: of all. */
export function weekOf(week: Week, itemIds: readonly number[] | null): Week {
  if (!itemIds) return week
  const wanted = new Set(itemIds)
  const ofItem = ({ itemId }: TestFigure) => wanted.has(itemId)
  return {
    items: week.items.filter(({ id }) => wanted.has(id)),
    flakiest: week.flakiest.filter(ofItem),
    slowest: week.slowest.filter(ofItem),
  }
}
