/** A test report's figures, as in API responses. null: not in the report. The counts add up to `total`. */
export interface ReportSummary {
  passed: number
  failed: number
  broken: number
  skipped: number
  unknown: number
  total: number
  /** Percent of `total`, at most two decimals; null without tests. */
  pass_rate: number | null
  start: string | null
  stop: string | null
  /** Wall clock, from the first test's start to the last one's end. */
  duration_ms: number | null
  min_duration_ms: number | null
  max_duration_ms: number | null
  sum_duration_ms: number | null
}

export const OUTCOMES = ['passed', 'failed', 'unknown'] as const
export type Outcome = (typeof OUTCOMES)[number]

export const TEST_STATUSES = ['passed', 'failed', 'broken', 'skipped', 'unknown'] as const
export type TestStatus = (typeof TEST_STATUSES)[number]

export function outcomeOf(summary: ReportSummary | null): Outcome {
  if (!summary) return 'unknown'
  if (summary.failed + summary.broken > 0) return 'failed'
  return summary.passed > 0 ? 'passed' : 'unknown'
}

/** Never 100 while a test did not pass. */
export function passRate(passed: number, total: number): number | null {
  if (total === 0) return null
  const percent = Math.round((passed * 10_000) / total) / 100
  return passed < total ? Math.min(percent, 99.99) : percent
}

/** The rate as pages and mails show it: of the tests that were not skipped. */
export function shownRate({ passed, skipped, total }: Counted): number | null {
  return passRate(passed, total - skipped)
}

type Counted = Pick<ReportSummary, 'passed' | 'skipped' | 'total'>
