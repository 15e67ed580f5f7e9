import * as z from 'zod'
import type { ReportSummary } from '../../lib/report-summary.ts'
import { filesBelow, pagesOf } from './address.ts'
import { findList } from './allure-list.ts'
import { suitesFile } from './allure2-suites.ts'
import { countsSchema, duration, instant, NO_TIMES, span, summaryFrom } from './figures.ts'
import type { ReportReader } from './reader.ts'

export const allure2: ReportReader = {
  candidates(address) {
    return filesBelow(address, ['widgets/summary.json'])
  },

  async read(file, address, fetcher) {
    const summary = parseAllure2(file.json)
    if (!summary) return null
    const lists = [...filesBelow(address, [suitesFile.name]), ...pagesOf(address)]
    const tests = summary.total > 0 ? await findList(lists, suitesFile, fetcher) : null
    return { format: 'allure2', summary, tests }
  },
}

const schema = z.object({
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

export function parseAllure2(json: unknown): ReportSummary | null {
  const { data } = schema.safeParse(json)
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
