import type { ReportSummary } from '../../lib/report-summary.ts'
import { type Address, below, isOneFile, normalise, pagesOf } from './address.ts'
import { parseAllure2, parseAllure3, parseStatistic, withLeaves } from './allure.ts'
import { parseJUnit } from './junit.ts'
import { parsePytestHtml } from './pytest-html.ts'
import {
  type Candidate,
  fetchFile,
  firstThatParses,
  note,
  openRoom,
  type ReadReportOptions,
  type Tried,
  wrongJson,
} from './room.ts'
import { type PageFigures, parseJson, parseSingleFile, type ReportFormat } from './single-file.ts'

export { outcomeOf, type ReportSummary } from '../../lib/report-summary.ts'
export { readTests } from './tests.ts'

export interface ReadReport {
  /** null where no report could be read; `tried` says why. */
  summary: ReportSummary | null
  format: ReportFormat | null
  /** Where a person opens the report: without `index.html` and fragment. */
  url: string
  tried: Tried[]
}

const MAX_JSON_BYTES = 16 * 1024 * 1024

/**
 * The figures of the test report at `reportUrl`: Allure 2 or 3, JUnit XML or pytest-html, in the order of
 * the contract. A report that cannot be read is an answer too; only an aborted signal throws.
 */
export async function readReport(reportUrl: string, options: ReadReportOptions = {}): Promise<ReadReport> {
  const room = openRoom(options)
  const report = normalise(reportUrl)
  if (!report) {
    room.tried.push({ url: reportUrl, result: { key: 'report:not_http', params: { url: reportUrl } } })
    return { summary: null, format: null, url: reportUrl, tried: room.tried }
  }
  const figures = await firstThatParses(candidates(report), room)
  return {
    summary: figures?.summary ?? null,
    format: figures?.format ?? null,
    url: report.url.href,
    tried: room.tried,
  }
}

function candidates(report: Address): Candidate<PageFigures>[] {
  const pages = pagesOf(report).map(page)
  if (isOneFile(report)) return pages
  const { url } = report
  const json = (name: string, format: ReportFormat, parse: (json: unknown) => ReportSummary | null) =>
    jsonFile(below(url, name), format, parse)
  return [
    json('widgets/summary.json', 'allure2', parseAllure2),
    allure3(url, ''),
    allure3(url, 'awesome/'),
    allure3(url, 'classic/'),
    allure3(url, 'dashboard/'),
    json('widgets/statistic.json', 'statistic', parseStatistic),
    ...pages,
  ]
}

function jsonFile(
  url: URL,
  format: ReportFormat,
  parse: (json: unknown) => ReportSummary | null,
): Candidate<PageFigures> {
  return async room => {
    const body = await fetchFile(url, MAX_JSON_BYTES, room)
    if (!body) return null
    const json = parseJson(body)
    const summary = parse(json)
    note(room, url, summary ? 'report:read' : wrongJson(body, json, 'report:not_a_summary'))
    return summary && { format, summary }
  }
}

function allure3(url: URL, folder: string): Candidate<PageFigures> {
  const readSummary = jsonFile(below(url, `${folder}summary.json`), 'allure3', parseAllure3)
  return async room => {
    const figures = await readSummary(room)
    if (!figures) return null
    if (figures.summary.total === 0) return figures
    const tree = await fetchFile(below(url, `${folder}widgets/tree.json`), MAX_JSON_BYTES, room)
    return tree ? { ...figures, summary: withLeaves(figures.summary, parseJson(tree)) } : figures
  }
}

function page(url: URL): Candidate<PageFigures> {
  return async room => {
    const body = await fetchFile(url, room.maxBytes, room)
    if (!body) return null
    const figures = parsePage(body)
    note(room, url, figures ? 'report:read' : 'report:not_a_report')
    return figures
  }
}

function parsePage(body: Buffer): PageFigures | null {
  const allure = parseSingleFile(body)
  if (allure) return allure
  const pytest = parsePytestHtml(body)
  if (pytest) return { format: 'pytest-html', summary: pytest }
  const junit = parseJUnit(body.toString())
  return junit && { format: 'junit', summary: junit }
}
