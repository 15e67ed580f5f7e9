import { countsSchema, NO_TIMES, summaryFrom } from '../../external/report/figures.ts'
import type { ReportSummary } from '../../lib/report-summary.ts'
import { isObject } from '../values.ts'

/**
 * 1.x showed the figures of a report in the mail and did not keep them; some test servers have them in the answer that
 * it kept.
 */
export function figuresIn(summary: unknown, answer: unknown): ReportSummary | null {
  const result = isObject(answer) && isObject(answer.result) ? answer.result : {}
  const test = isObject(result.test) ? result.test : {}
  for (const place of [summary, test.statistic, test.summary, test]) {
    const counts = countsSchema.safeParse(
      isObject(place) && isObject(place.statistic) ? place.statistic : place,
    )
    if (counts.success) return summaryFrom(counts.data, NO_TIMES)
  }
  return null
}
