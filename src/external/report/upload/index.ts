import { open, readFile } from 'node:fs/promises'
import { AppError, invalid } from '../../../lib/errors.ts'
import type { ReportSummary } from '../../../lib/report-summary.ts'
import { isFailing, type TestResult } from '../../../lib/test-result.ts'
import { summariseSuites } from '../junit.ts'
import { parseSuites, type Suites } from '../junit-suites.ts'
import { MAX_EXPLAINED, MAX_TESTS, withFewReasons } from '../keep-tests.ts'
import { parseJson } from '../report-file.ts'
import { type TestRow, testRow } from '../test-row.ts'
import { type Attempt, parseAttempt, summariseAttempts } from './allure-results.ts'
import { readTgz, readZip } from './archive.ts'
import { readJsonLines } from './json-lines.ts'

export interface UploadedResults {
  format: 'allure-results' | 'junit' | 'export'
  summary: ReportSummary
  tests: TestResult[]
}

const MAX_PLAIN_BYTES = 64 * 1024 ** 2
/** So that each test that is explained is, after some retries. */
const MAX_REASONS = 10 * MAX_EXPLAINED

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

/** Holds copies: what is cut from a file would keep all of it in memory. */
function createCollection() {
  const attempts: Attempt[] = []
  const suites: Suites[] = []
  let cases = 0
  let reasons = 0
  const readXml = (body: Buffer) => {
    const parsed = body.includes('<testsuite') ? parseSuites(body.toString()) : null
    if (!parsed) return
    cases += parsed.statuses.length
    if (cases > MAX_TESTS) throw tooManyTests()
    suites.push(structuredClone(parsed))
  }
  const readAllure = (body: Buffer) => {
    const attempt = parseAttempt(parseJson(body))
    if (!attempt) return
    reasons += isFailing(attempt.row) ? 1 : 0
    if (reasons > MAX_REASONS) Object.assign(attempt.row, { message: null, trace: null })
    attempts.push(structuredClone(attempt))
  }
  return {
    readXml,
    wants: (name: string) => isAllureResult(name) || name.endsWith('.xml'),
    read(name: string, body: Buffer) {
      if (isAllureResult(name)) readAllure(body)
      else readXml(body)
    },
    results(): UploadedResults {
      if (attempts.length) return kept('allure-results', summariseAttempts(attempts))
      if (suites.length) return kept('junit', fromSuites(suites))
      throw invalid('upload:nothing_inside')
    },
  }
}

const tooManyTests = () => invalid('upload:too_many_tests', { max: MAX_TESTS })

function fromSuites(all: Suites[]): { summary: ReportSummary; rows: TestRow[] } {
  const times = all.flatMap(({ wallClock }) => wallClock ?? [])
  const starts = all.flatMap(({ start }) => start ?? [])
  const together: Suites = {
    cases: all.flatMap(({ cases }) => cases),
    statuses: all.flatMap(({ statuses }) => statuses),
    durations: all.flatMap(({ durations }) => durations),
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
  if (rows.length > MAX_TESTS) throw tooManyTests()
  return { format, summary, tests: withFewReasons(rows).map(({ source: _, ...test }) => test) }
}
