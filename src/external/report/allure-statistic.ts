import type { ReportSummary } from '../../lib/report-summary.ts'
import { beside, filesBelow } from './address.ts'
import { findTree } from './allure3.ts'
import { countsSchema, NO_TIMES, summaryFrom } from './figures.ts'
import type { ReportReader } from './reader.ts'

export const allureStatistic: ReportReader = {
  candidates(address) {
    return filesBelow(address, ['widgets/statistic.json'])
  },

  async read(file, address, fetcher) {
    const summary = parseStatistic(file.json)
    if (!summary) return null
    const tests = summary.total > 0 ? await findTree(beside(file.url, 'tree.json'), address, fetcher) : null
    return { format: 'statistic', summary, tests }
  },
}

export function parseStatistic(json: unknown): ReportSummary | null {
  const { data } = countsSchema.safeParse(json)
  return data ? summaryFrom(data, NO_TIMES) : null
}
