import { open, readFile } from 'node:fs/promises'
import { AppError, invalid } from '../../../lib/errors.ts'
import type { ReportSummary } from '../../../lib/report-summary.ts'
import type { TestResult } from '../../../lib/test-result.ts'
import { summariseSuites } from '../junit.ts'
import { parseSuites, type Suites } from '../junit-suites.ts'
import { withFewReasons } from '../keep-tests.ts'
import { parseJson } from '../report-file.ts'
import { type TestRow, testRow } from '../test-row.ts'
import { parseAllureResult, summariseAllureResults } from './allure-results.ts'
import { readTgz, readZip } from './archive.ts'
import { readJsonLines } from './json-lines.ts'

export interface UploadedResults {
  format: 'allure-results' | 'junit' | 'export'
  summary: ReportSummary
  tests: TestResult[]
}

const MAX_PLAIN_BYTES = 64 * 1024 ** 2
const MAX_TESTS = 50_000

/** Reads JUnit XML, a run that CRAT exported, or a .zip or .tgz of Allure results or JUnit XML. Throws a 400 or 413 that says what is wrong. */
export async function readUploadedResults(path: string): Promise<UploadedResults> {
  const found = createCollection()
  const kind = await kindOf(path)
  if (kind === 'other') return readPlain(await readWhole(path))
  if (kind === 'zip') await readZip(path, found)
  else await readTgz(path, found)
  return found.results()
}

function readPlain(body: Buffer): UploadedResults {
  const exported = body.toString('latin1', 0, 1) === '{' ? readJsonLines(body) : null
  if (exported) return kept('export', exported)
  const found = createCollection()
  found.readXml(body)
  return found.results()
}

async function kindOf(path: string): Promise<'zip' | 'gzip' | 'other'> {
  const file = await open(path)
  try {
    const { buffer } = await file.read(Buffer.alloc(4), 0, 4, 0)
    if (buffer.toString('latin1') === 'PK\u0003\u0004') return 'zip'
    return buffer[0] === 0x1f && buffer[1] === 0x8b ? 'gzip' : 'other'
  } finally {
    await file.close()
  }
}

async function readWhole(path: string): Promise<Buffer> {
  const file = await open(path)
  const { size } = await file.stat().finally(() => file.close())
  if (size > MAX_PLAIN_BYTES)
    throw new AppError('errors:too_large', { limit: MAX_PLAIN_BYTES }, { status: 413 })
  return readFile(path)
}

const isAllureResult = (name: string) => name.endsWith('-result.json')

function createCollection() {
  const allure: Parameters<typeof summariseAllureResults>[0] = []
  const suites: Suites[] = []
  const readXml = (body: Buffer) => {
    const parsed = body.includes('<testsuite') ? parseSuites(body.toString()) : null
    if (parsed) suites.push(parsed)
  }
  return {
    readXml,
    wants: (name: string) => isAllureResult(name) || name.endsWith('.xml'),
    read(name: string, body: Buffer) {
      const result = isAllureResult(name) ? parseAllureResult(parseJson(body)) : readXml(body)
      if (result) allure.push(result)
      if (allure.length > 2 * MAX_TESTS) throw invalid('upload:too_many_tests', { max: MAX_TESTS })
    },
    results(): UploadedResults {
      if (allure.length) return kept('allure-results', summariseAllureResults(allure))
      if (suites.length) return kept('junit', fromSuites(suites))
      throw invalid('upload:nothing_inside')
    },
  }
}

function fromSuites(all: Suites[]): { summary: ReportSummary; rows: TestRow[] } {
  const times = all.flatMap(({ wallClock }) => wallClock ?? [])
  const starts = all.flatMap(({ start }) => start ?? [])
  const together: Suites = {
    cases: all.flatMap(({ cases }) => cases),
    wallClock: times.length ? times.reduce((a, b) => a + b) : null,
    start: starts.length ? starts.reduce((a, b) => Math.min(a, b)) : null,
  }
  return { summary: summariseSuites(together), rows: together.cases.map(testRow) }
}

function kept(
  format: UploadedResults['format'],
  { summary, rows }: { summary: ReportSummary; rows: TestRow[] },
): UploadedResults {
  if (summary.total === 0) throw invalid('upload:no_tests')
  if (rows.length > MAX_TESTS) throw invalid('upload:too_many_tests', { max: MAX_TESTS })
  return { format, summary, tests: withFewReasons(rows).map(({ source: _, ...test }) => test) }
}
