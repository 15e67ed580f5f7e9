import type { ReportSummary } from '../../lib/report-summary.ts'
import { pagesOf } from './address.ts'
import { embedded } from './allure-embedded.ts'
import { listIn } from './allure-list.ts'
import { parseStatistic } from './allure-statistic.ts'
import { parseAllure2 } from './allure2.ts'
import { suitesFile } from './allure2-suites.ts'
import { parseAllure3 } from './allure3.ts'
import { withTimes } from './allure3-times.ts'
import { treeFile } from './allure3-tree.ts'
import type { ReportReader } from './reader.ts'

export const allureSingleFile: ReportReader = {
  candidates: pagesOf,

  read(file, _address, fetcher) {
    const widget = embedded(file.body, 'widgets/summary.json')
    const allure2 = parseAllure2(widget)
    const summary = allure2 ?? parseAllure3(widget) ?? allure3In(file.body)
    if (!summary) return null
    const tree = listIn(file, treeFile, fetcher)
    const tests = tree ?? listIn(file, suitesFile, fetcher)
    if (!tests) fetcher.record(file.url, 'report:not_tests')
    return allure2
      ? { format: 'allure2', summary, tests }
      : { format: 'allure3', summary: withTimes(summary, tree?.times), tests }
  },
}

/** Allure 3 up to 3.18 embeds only the counts and the tree. */
function allure3In(page: Buffer): ReportSummary | null {
  return (
    parseAllure3(embedded(page, 'summary.json')) ?? parseStatistic(embedded(page, 'widgets/statistic.json'))
  )
}
