import type { ReportSummary } from '../../lib/report-summary.ts'
import type { TestTimes } from './allure3-tree.ts'
import { span, spread, type Times } from './figures.ts'

export function withTimes(summary: ReportSummary, tests: TestTimes[] = []): ReportSummary {
  const durations = tests.flatMap(({ duration }) => duration ?? [])
  if (durations.length === 0 || durations.length !== summary.total) return summary
  return { ...summary, ...wallClock(summary, tests), ...spread(durations) }
}

function wallClock(
  summary: ReportSummary,
  tests: TestTimes[],
): Pick<Times, 'start' | 'stop' | 'duration_ms'> {
  let start = Number.POSITIVE_INFINITY
  let stop = 0
  for (const test of tests) {
    if (!test.start) return { start: null, stop: null, duration_ms: summary.duration_ms }
    start = Math.min(start, test.start)
    stop = Math.max(stop, test.start + (test.duration ?? 0))
  }
  return { ...span(start, stop), duration_ms: stop - start }
}
