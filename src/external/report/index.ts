import type { ReportSummary } from '../../lib/report-summary.ts'
import type { TestResult } from '../../lib/test-result.ts'
import { type Address, normalise } from './address.ts'
import { allureSingleFile } from './allure-single-file.ts'
import { allureStatistic } from './allure-statistic.ts'
import { allure2 } from './allure2.ts'
import { allure3 } from './allure3.ts'
import { type Attempt, Fetcher, type ReadReportOptions } from './fetcher.ts'
import { junit } from './junit.ts'
import { keepTests } from './keep-tests.ts'
import { pytestHtml } from './pytest-html.ts'
import type { ReportFormat, ReportReader } from './reader.ts'
import { isJson, jsonProblem, type ReportFile } from './report-file.ts'

export { outcomeOf, type ReportSummary } from '../../lib/report-summary.ts'

const READERS: ReportReader[] = [allure2, allure3, allureStatistic, allureSingleFile, pytestHtml, junit]

const MAX_JSON_BYTES = 16 * 1024 * 1024

export interface ReadReport {
  summary: ReportSummary | null
  /** null if the report does not list its tests or they could not be read: see `testsTried`. */
  tests: TestResult[] | null
  format: ReportFormat | null
  url: string
  tried: Attempt[]
  testsTried: Attempt[] | null
}

type Contents = Pick<ReadReport, 'summary' | 'tests' | 'format' | 'testsTried'>

const NOTHING: Contents = { summary: null, tests: null, format: null, testsTried: null }

export async function readReport(reportUrl: string, options: ReadReportOptions = {}): Promise<ReadReport> {
  const address = normalise(reportUrl)
  if (!address) {
    const result = { key: 'report:not_http', params: { url: reportUrl } }
    return { ...NOTHING, url: reportUrl, tried: [{ url: reportUrl, result }] }
  }
  const fetcher = new Fetcher(options)
  const contents = await fetcher.first(candidates(address), url => readAt(url, address, fetcher, options))
  return { ...(contents ?? NOTHING), url: address.url.href, tried: fetcher.attempts }
}

function candidates(address: Address): URL[] {
  const urls = READERS.flatMap(reader => reader.candidates(address))
  return [...new Map(urls.map(url => [url.href, url])).values()]
}

async function readAt(
  url: URL,
  address: Address,
  fetcher: Fetcher,
  options: ReadReportOptions,
): Promise<Contents | null> {
  const file = await fetcher.fetch(url, isJson(url) ? MAX_JSON_BYTES : fetcher.maxBytes)
  if (!file) return null
  const contents = await readFile(file, address, options)
  fetcher.record(url, contents ? 'report:read' : problemOf(file))
  return contents
}

async function readFile(
  file: ReportFile,
  address: Address,
  options: ReadReportOptions,
): Promise<Contents | null> {
  for (const reader of readersAt(file.url, address)) {
    const fetcher = new Fetcher(options)
    const report = await reader.read(file, address, fetcher)
    if (!report) continue
    const { format, summary } = report
    if (summary.total === 0) return { ...NOTHING, format, summary }
    const tests = report.tests && (await keepTests(report.tests, fetcher))
    return { format, summary, tests, testsTried: fetcher.attempts }
  }
  return null
}

function readersAt(url: URL, address: Address): ReportReader[] {
  return READERS.filter(reader => reader.candidates(address).some(({ href }) => href === url.href))
}

function problemOf(file: ReportFile): string {
  return isJson(file.url) ? jsonProblem(file, 'report:not_a_summary') : 'report:not_a_report'
}
