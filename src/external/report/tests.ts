import { isFailing, type TestResult } from '../../lib/test-result.ts'
import { type Address, below, isOneFile, normalise, pagesOf } from './address.ts'
import { allure2Tests, allure3Tests, failureIn } from './allure-tests.ts'
import { junitTests } from './junit.ts'
import { pytestTests } from './pytest-html.ts'
import {
  type Candidate,
  fetchFile,
  firstThatParses,
  note,
  openRoom,
  type ReadReportOptions,
  type Room,
  type Tried,
  wrongJson,
} from './room.ts'
import { embedded, embeddedFolder, parseJson, type ReportFormat } from './single-file.ts'
import type { TestRow } from './test-row.ts'

export interface ReadTests {
  /** null where the report tells no single tests, or they could not be read; `tried` says why. */
  tests: TestResult[] | null
  tried: Tried[]
}

const MAX_TESTS = 50_000
const MAX_EXPLAINED = 200
const AT_ONCE = 6
const MAX_TEST_BYTES = 4 * 1024 * 1024

/**
 * The single tests of a report whose format is known. The first 200 that fail come with message and trace. As with
 * the figures, what cannot be read is an answer too; only an aborted signal throws.
 */
export async function readTests(
  reportUrl: string,
  format: ReportFormat,
  options: ReadReportOptions = {},
): Promise<ReadTests> {
  const room = openRoom(options)
  const report = normalise(reportUrl)
  const rows = report && (await firstThatParses(candidates(report, format), room))
  return { tests: rows?.map(({ source: _, ...test }) => test) ?? null, tried: room.tried }
}

function candidates(report: Address, format: ReportFormat): Candidate<TestRow[]>[] {
  const pages = pagesOf(report).map(page)
  const { url } = report
  if (isOneFile(report) || format === 'junit' || format === 'pytest-html') return pages
  if (format === 'allure2') return [allureFiles(url, 'data/suites.json', allure2Tests), ...pages]
  const trees = ['', 'awesome/', 'classic/'].map(folder =>
    allureFiles(below(url, folder), 'widgets/tree.json', allure3Tests),
  )
  return [...trees, ...pages]
}

function allureFiles(
  folder: URL,
  list: string,
  parse: (json: unknown) => TestRow[] | null,
): Candidate<TestRow[]> {
  return async room => {
    const url = below(folder, list)
    const body = await fetchFile(url, room.maxBytes, room)
    if (!body) return null
    const json = parseJson(body)
    const rows = within(url, parse(json), room, wrongJson(body, json, 'report:not_tests'))
    if (!rows) return null
    // One file that is missing is told, hundreds would be noise.
    const files: Room = { ...room, tried: [] }
    await explain(rows, source => fetchTest(below(folder, source), files))
    room.tried.push(...files.tried.slice(0, 1))
    return rows
  }
}

/** The rows, if there are any and not too many, with a note of which it was. */
function within(url: URL, rows: TestRow[] | null, room: Room, otherwise: string): TestRow[] | null {
  if (rows && rows.length > MAX_TESTS) {
    note(room, url, 'report:too_many_tests', { count: rows.length, max: MAX_TESTS })
    return null
  }
  note(room, url, rows ? 'report:read' : otherwise)
  for (const row of rows?.filter(isFailing).slice(MAX_EXPLAINED) ?? [])
    Object.assign(row, { message: null, trace: null })
  return rows
}

async function fetchTest(url: URL, room: Room): Promise<unknown> {
  const body = await fetchFile(url, MAX_TEST_BYTES, room)
  return body ? parseJson(body) : undefined
}

/** Adds message and trace to tests that fail, several at once. */
async function explain(rows: TestRow[], read: (source: string) => Promise<unknown>): Promise<void> {
  const failing = rows.filter(isFailing).slice(0, MAX_EXPLAINED)[Symbol.iterator]()
  const work = async () => {
    for (const row of failing) if (row.source) Object.assign(row, failureIn(await read(row.source)))
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work))
}

function page(url: URL): Candidate<TestRow[]> {
  return async room => {
    const body = await fetchFile(url, room.maxBytes, room)
    return body && within(url, await testsInPage(body), room, 'report:not_tests')
  }
}

async function testsInPage(body: Buffer): Promise<TestRow[] | null> {
  const rows =
    allure3Tests(embedded(body, 'widgets/tree.json')) ?? allure2Tests(embedded(body, 'data/suites.json'))
  if (!rows) return pytestTests(body) ?? junitTests(body.toString())
  const file = embeddedFolder(body, 'data/test-')
  await explain(rows, async source => file(source.slice('data/test-'.length)))
  return rows
}
