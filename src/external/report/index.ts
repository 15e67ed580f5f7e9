import type { Params } from '../../lib/i18n.ts'
import type { ReportSummary } from '../../lib/report-summary.ts'
import { exchange, HttpError } from '../http-client.ts'
import { parseAllure2, parseAllure3, parseStatistic, withLeaves } from './allure.ts'
import { parseJUnit } from './junit.ts'
import { parsePytestHtml } from './pytest-html.ts'
import { type PageFigures, parseJson, parseSingleFile } from './single-file.ts'

export { outcomeOf, type ReportSummary } from '../../lib/report-summary.ts'
export type ReportFormat = PageFigures['format']

/** One address that was asked, and what came back: a sentence's key (`report:…` or `http:…`) and its values. */
export interface Tried {
  url: string
  result: { key: string; params: Params }
}

export interface ReadReport {
  /** null where no report could be read; `tried` says why. */
  summary: ReportSummary | null
  format: ReportFormat | null
  /** Where a person opens the report: without `index.html` and fragment. */
  url: string
  tried: Tried[]
}

export interface ReadReportOptions {
  signal?: AbortSignal
  /** Milliseconds for each call; the whole may take four times that. Default 15 s. */
  timeoutMs?: number
  /** Bytes of a report that is one page; the JSON files are capped at 16 MiB. Default 64 MiB. */
  maxBytes?: number
}

interface Room {
  signal: AbortSignal | undefined
  timeoutMs: number
  maxBytes: number
  deadline: number
  tried: Tried[]
}

type Figures = PageFigures | null
type Candidate = (room: Room) => Promise<Figures>

const MIB = 1024 * 1024
const MAX_JSON_BYTES = 16 * MIB
/** Every further address of that host would fail alike. */
const HOST_IS_AWAY = ['http:refused', 'http:unknown_host', 'http:tls']

/**
 * The figures of the test report at `reportUrl`: Allure 2 or 3, JUnit XML or pytest-html, in the order of
 * the contract. A report that cannot be read is an answer too; only an aborted signal throws.
 */
export async function readReport(reportUrl: string, options: ReadReportOptions = {}): Promise<ReadReport> {
  const { signal, timeoutMs = 15_000, maxBytes = 64 * MIB } = options
  const room: Room = { signal, timeoutMs, maxBytes, deadline: performance.now() + 4 * timeoutMs, tried: [] }
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

interface Address {
  url: URL
  /** As it was given, but for the fragment. */
  given: URL
}

function normalise(reportUrl: string): Address | null {
  if (!URL.canParse(reportUrl)) return null
  const given = new URL(reportUrl)
  if (given.protocol !== 'http:' && given.protocol !== 'https:') return null
  given.hash = ''
  const url = new URL(given)
  url.pathname = url.pathname.replace(/\/index\.html?$/i, '/')
  return { url, given }
}

function candidates({ url, given }: Address): Candidate[] {
  // A page or an XML file is the report itself: what lies beside it may be another one's.
  if (/\.(html?|xml)$/i.test(url.pathname)) return [page(given)]
  const json = (name: string, format: ReportFormat, parse: (json: unknown) => ReportSummary | null) =>
    jsonFile(below(url, name), format, parse)
  const index = below(url, 'index.html')
  return [
    json('widgets/summary.json', 'allure2', parseAllure2),
    allure3(url, ''),
    allure3(url, 'awesome/'),
    allure3(url, 'classic/'),
    allure3(url, 'dashboard/'),
    json('widgets/statistic.json', 'statistic', parseStatistic),
    page(index),
    ...(given.href === index.href ? [] : [page(given)]),
  ]
}

/** The query stays: it may be what opens the door. */
function below(url: URL, name: string): URL {
  const file = new URL(url)
  file.pathname = `${url.pathname.replace(/\/$/, '')}/${name}`
  return file
}

async function firstThatParses(candidates: Candidate[], room: Room): Promise<Figures> {
  for (const read of candidates) {
    const figures = await read(room)
    if (figures) return figures
    const last = room.tried.at(-1)?.result.key ?? ''
    if (last === 'report:out_of_time' || HOST_IS_AWAY.includes(last)) return null
  }
  return null
}

function jsonFile(url: URL, format: ReportFormat, parse: (json: unknown) => ReportSummary | null): Candidate {
  return async room => {
    const body = await fetchFile(url, MAX_JSON_BYTES, room)
    if (!body) return null
    const json = parseJson(body)
    const summary = parse(json)
    note(room, url, summary ? 'report:read' : wrongJson(body, json))
    return summary && { format, summary }
  }
}

/** An application may answer its start page, with 200, for whatever it does not have. */
function wrongJson(body: Buffer, json: unknown): string {
  if (json !== undefined) return 'report:not_a_summary'
  return body.toString('latin1', 0, 1000).trimStart().startsWith('<') ? 'report:html' : 'report:not_json'
}

function allure3(url: URL, folder: string): Candidate {
  const readSummary = jsonFile(below(url, `${folder}summary.json`), 'allure3', parseAllure3)
  return async room => {
    const figures = await readSummary(room)
    if (!figures) return null
    if (figures.summary.total === 0) return figures
    const tree = await fetchFile(below(url, `${folder}widgets/tree.json`), MAX_JSON_BYTES, room)
    return tree ? { ...figures, summary: withLeaves(figures.summary, parseJson(tree)) } : figures
  }
}

function page(url: URL): Candidate {
  return async room => {
    const body = await fetchFile(url, room.maxBytes, room)
    if (!body) return null
    const figures = parsePage(body)
    note(room, url, figures ? 'report:read' : 'report:not_a_report')
    return figures
  }
}

function parsePage(body: Buffer): Figures {
  const allure = parseSingleFile(body)
  if (allure) return allure
  const pytest = parsePytestHtml(body)
  if (pytest) return { format: 'pytest-html', summary: pytest }
  const junit = parseJUnit(body.toString())
  return junit && { format: 'junit', summary: junit }
}

/** The file's bytes, or null with a note of what came back instead. */
async function fetchFile(url: URL, maxBytes: number, room: Room): Promise<Buffer | null> {
  room.signal?.throwIfAborted()
  const left = Math.min(room.timeoutMs, Math.ceil(room.deadline - performance.now()))
  if (left <= 0) {
    note(room, url, 'report:out_of_time', { seconds: Math.round((4 * room.timeoutMs) / 1000) })
    return null
  }
  try {
    const limits = { timeoutMs: left, maxBytes, maxRedirects: 5, signal: room.signal }
    const { status, body } = await exchange(url.href, limits)
    if (status === 200) return body
    note(room, url, 'report:status', { status })
  } catch (error) {
    if (!(error instanceof HttpError)) throw error
    note(room, url, error.key, error.params)
  }
  return null
}

function note(room: Room, url: URL, key: string, params: Params = {}): void {
  room.tried.push({ url: url.href, result: { key, params } })
}
