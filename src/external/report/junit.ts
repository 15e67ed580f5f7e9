import type { ReportSummary } from '../../lib/report-summary.ts'
import { pagesOf } from './address.ts'
import { countStatuses, span, spread, summaryFrom } from './figures.ts'
import { parseSuites, type Suites } from './junit-suites.ts'
import type { ReportReader } from './reader.ts'
import { testRow } from './test-row.ts'

/** JUnit XML. Rejects truncated files, whose counts would be too good. */
export const junit: ReportReader = {
  candidates: pagesOf,

  read({ url, body }) {
    const suites = body.includes('<testsuite') ? parseSuites(body.toString()) : null
    if (!suites) return null
    return {
      format: 'junit',
      summary: summariseSuites(suites),
      tests: { url, rows: suites.cases.map(testRow), total: suites.statuses.length },
    }
  },
}

/** Counts the cases: writers disagree on the totals in the attributes. */
export function summariseSuites({ statuses, durations, wallClock, start }: Suites): ReportSummary {
  return summaryFrom(countStatuses(statuses), {
    ...span(start, start !== null && wallClock !== null ? start + wallClock : null),
    duration_ms: wallClock,
    ...spread(durations),
  })
}
