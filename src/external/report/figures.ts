import * as z from 'zod'
import { passRate, type ReportSummary, TEST_STATUSES, type TestStatus } from '../../lib/report-summary.ts'

export type Counts = Partial<Record<TestStatus | 'total', number>>
export type Times = Pick<
  ReportSummary,
  'start' | 'stop' | 'duration_ms' | 'min_duration_ms' | 'max_duration_ms' | 'sum_duration_ms'
>

export const NO_TIMES: Times = {
  start: null,
  stop: null,
  duration_ms: null,
  min_duration_ms: null,
  max_duration_ms: null,
  sum_duration_ms: null,
}

const count = z.number().int().min(0).max(10_000_000)

export const countsSchema = z
  .object({
    passed: count.optional(),
    failed: count.optional(),
    broken: count.optional(),
    skipped: count.optional(),
    unknown: count.optional(),
    total: count.optional(),
  })
  .refine(counts => Object.values(counts).some(value => value !== undefined))

const YEAR_MS = 365 * 24 * 3_600_000
const EARLIEST = Date.UTC(2000, 0, 1)
const LATEST = Date.UTC(2100, 0, 1)

export const duration = z
  .number()
  .min(0)
  .max(10 * YEAR_MS)
  .transform(Math.round)
  .nullable()
  .catch(null)

export const instant = z.number().int().min(EARLIEST).max(LATEST).nullable().catch(null)

export function summaryFrom(counts: Counts, times: Times): ReportSummary {
  const { passed = 0, failed = 0, broken = 0, skipped = 0, unknown = 0 } = counts
  const counted = passed + failed + broken + skipped + unknown
  const total = Math.max(counts.total ?? 0, counted)
  return {
    passed,
    failed,
    broken,
    skipped,
    unknown: unknown + total - counted,
    total,
    pass_rate: passRate(passed, total),
    ...times,
  }
}

export function span(start: number | null, stop: number | null): Pick<Times, 'start' | 'stop'> {
  if (start !== null && stop !== null && stop < start) return { start: null, stop: null }
  return { start: rfc3339(start), stop: rfc3339(stop) }
}

const rfc3339 = (ms: number | null) => (ms === null ? null : new Date(ms).toISOString())

export function spread(
  durations: number[],
): Pick<Times, 'min_duration_ms' | 'max_duration_ms' | 'sum_duration_ms'> {
  if (durations.length === 0) return { min_duration_ms: null, max_duration_ms: null, sum_duration_ms: null }
  return {
    min_duration_ms: durations.reduce((a, b) => Math.min(a, b)),
    max_duration_ms: durations.reduce((a, b) => Math.max(a, b)),
    sum_duration_ms: durations.reduce((a, b) => a + b),
  }
}

export function countStatuses(statuses: TestStatus[]): Counts {
  const counts: Counts = { total: statuses.length }
  for (const status of TEST_STATUSES) counts[status] = statuses.filter(each => each === status).length
  return counts
}
