import { z } from 'zod'
import type { ReportSummary } from '../../lib/report-summary.ts'
import {
  countsSchema,
  duration,
  instant,
  NO_TIMES,
  span,
  spread,
  summaryFrom,
  type Times,
} from './figures.ts'

const allure2 = z.object({
  statistic: countsSchema,
  // `{}` in an empty report; without start and stop where Allure read JUnit input.
  time: z
    .object({
      start: instant,
      stop: instant,
      duration,
      minDuration: duration,
      maxDuration: duration,
      sumDuration: duration,
    })
    .nullable()
    .catch(null),
})

/** `widgets/summary.json` of Allure 2. */
export function parseAllure2(json: unknown): ReportSummary | null {
  const { data } = allure2.safeParse(json)
  if (!data) return null
  const { statistic, time } = data
  if (!time) return summaryFrom(statistic, NO_TIMES)
  return summaryFrom(statistic, {
    ...span(time.start, time.stop),
    duration_ms: time.duration,
    min_duration_ms: time.minDuration,
    max_duration_ms: time.maxDuration,
    sum_duration_ms: time.sumDuration,
  })
}

const allure3 = z.object({ stats: countsSchema, duration })

/**
 * `summary.json` of Allure 3. Its `duration` is the sum over the tests up to 3.17 and wall clock from 3.18
 * on, and nothing in the file says which. `withLeaves` settles that where the tests' own times can be read;
 * without them it is given on as it stands.
 */
export function parseAllure3(json: unknown): ReportSummary | null {
  const { data } = allure3.safeParse(json)
  if (!data) return null
  const none = (data.stats.total ?? 0) === 0 && data.duration === 0
  return summaryFrom(data.stats, { ...NO_TIMES, duration_ms: none ? null : data.duration })
}

/** `widgets/statistic.json`: counts alone. */
export function parseStatistic(json: unknown): ReportSummary | null {
  const { data } = countsSchema.safeParse(json)
  return data ? summaryFrom(data, NO_TIMES) : null
}

const tree = z.object({
  leavesById: z.record(z.string(), z.object({ start: instant.optional(), duration: duration.optional() })),
})

/**
 * An Allure 3 summary with the times that `widgets/tree.json` gives. A tree that lists other tests than the
 * summary counts, or that does not know every test's duration, changes nothing.
 */
export function withLeaves(summary: ReportSummary, json: unknown): ReportSummary {
  const { data } = tree.safeParse(json)
  const leaves = Object.values(data?.leavesById ?? {})
  const durations = leaves.flatMap(leaf => leaf.duration ?? [])
  if (durations.length === 0 || durations.length !== summary.total) return summary
  return { ...summary, ...wallClock(summary, leaves), ...spread(durations) }
}

interface Leaf {
  start?: number | null
  duration?: number | null
}

function wallClock(summary: ReportSummary, leaves: Leaf[]): Pick<Times, 'start' | 'stop' | 'duration_ms'> {
  let start = Number.POSITIVE_INFINITY
  let stop = 0
  for (const leaf of leaves) {
    if (!leaf.start) return { start: null, stop: null, duration_ms: summary.duration_ms }
    start = Math.min(start, leaf.start)
    stop = Math.max(stop, leaf.start + (leaf.duration ?? 0))
  }
  return { ...span(start, stop), duration_ms: stop - start }
}
