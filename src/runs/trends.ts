import type { Queryable } from '../database/client.ts'
import { Prisma } from '../generated/prisma/client.ts'

export const RANGES = [7, 30, 90, 365] as const

export interface Period {
  /** Days in UTC, both included: `2026-11-21`. */
  from: string
  to: string
}

/** What ended on a day, or in a week of a long period. */
export interface TrendPoint {
  day: Date
  runs: number
  passed: number
  failed: number
  errors: number
  testsPassed: number
  testsFailed: number
  /** Percent of the runs that passed or failed. */
  passRate: number | null
  durationMs: number | null
  waitMs: number | null
  reportMs: number | null
  /** How many runs these are the means of. */
  timed: number
  waited: number
  reported: number
}

const DAY_MS = 24 * 3_600_000
const WEEKS_FROM_DAYS = 120
const MAX_DAYS = 3 * 366

export const dayOf = (time: number) => new Date(time).toISOString().slice(0, 10)

/** The last `days` days, today included. */
export function lastDays(days: number, now = Date.now()): Period {
  return { from: dayOf(now - (days - 1) * DAY_MS), to: dayOf(now) }
}

/** Puts both ends in order and cuts what is too long. */
export function periodBetween(a: string, b: string): Period {
  const [from, to] = [Date.parse(a), Date.parse(b)].sort((x, y) => x - y) as [number, number]
  return { from: dayOf(Math.max(from, to - (MAX_DAYS - 1) * DAY_MS)), to: dayOf(to) }
}

export function lengthOf({ from, to }: Period): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / DAY_MS) + 1
}

export const isByWeek = (period: Period) => lengthOf(period) >= WEEKS_FROM_DAYS

/** Reads the trend of an item, or of all; oldest first, with the days on which nothing ended. */
export async function readTrend(
  db: Queryable,
  period: Period,
  testItemId: number | null,
): Promise<TrendPoint[]> {
  const step = isByWeek(period) ? 'week' : 'day'
  const first = isByWeek(period) ? Prisma.sql`date_trunc('week', day)::date` : Prisma.sql`day`
  const rows = await db.$queryRaw<TrendPoint[]>`
    WITH sums AS (
      SELECT ${first} AS day, sum(runs)::int AS runs, sum(passed)::int AS passed,
        sum(failed)::int AS failed, sum(errors)::int AS errors, sum(tests_passed)::float8 AS tests_passed,
        sum(tests_failed)::float8 AS tests_failed, sum(duration_ms)::float8 / nullif(sum(timed), 0) AS duration_ms,
        sum(wait_ms)::float8 / nullif(sum(waited), 0) AS wait_ms,
        sum(report_ms)::float8 / nullif(sum(reported), 0) AS report_ms,
        sum(timed)::int AS timed, sum(waited)::int AS waited, sum(reported)::int AS reported
      FROM run_days
      WHERE day BETWEEN ${period.from}::date AND ${period.to}::date
        AND (${testItemId}::int IS NULL OR test_item_id = ${testItemId})
      GROUP BY 1
    )
    SELECT point::date AS day, coalesce(runs, 0) AS runs, coalesce(passed, 0) AS passed,
      coalesce(failed, 0) AS failed, coalesce(errors, 0) AS errors,
      coalesce(tests_passed, 0) AS "testsPassed", coalesce(tests_failed, 0) AS "testsFailed",
      100.0::float8 * passed / nullif(passed + failed, 0) AS "passRate",
      duration_ms AS "durationMs", wait_ms AS "waitMs", report_ms AS "reportMs",
      coalesce(timed, 0) AS timed, coalesce(waited, 0) AS waited, coalesce(reported, 0) AS reported
    FROM generate_series(date_trunc(${step}, ${period.from}::date), ${period.to}::date, ('1 ' || ${step})::interval)
      AS point
    LEFT JOIN sums ON sums.day = point::date ORDER BY point`
  return rows
}

type Sum = 'runs' | 'passed' | 'failed' | 'errors' | 'testsPassed' | 'testsFailed'
type Count = 'timed' | 'waited' | 'reported'

export function totalOf(points: TrendPoint[]): Omit<TrendPoint, 'day'> {
  const sum = (field: Sum | Count) => points.reduce((total, point) => total + point[field], 0)
  const mean = (field: 'durationMs' | 'waitMs' | 'reportMs', count: Count) =>
    sum(count)
      ? points.reduce((total, point) => total + (point[field] ?? 0) * point[count], 0) / sum(count)
      : null
  const [passed, failed] = [sum('passed'), sum('failed')]
  return {
    ...{ runs: sum('runs'), passed, failed, errors: sum('errors') },
    ...{ testsPassed: sum('testsPassed'), testsFailed: sum('testsFailed') },
    passRate: passed + failed ? (100 * passed) / (passed + failed) : null,
    ...{ durationMs: mean('durationMs', 'timed'), waitMs: mean('waitMs', 'waited') },
    ...{ reportMs: mean('reportMs', 'reported'), timed: sum('timed') },
    ...{ waited: sum('waited'), reported: sum('reported') },
  }
}
