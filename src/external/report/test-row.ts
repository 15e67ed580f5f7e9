import { createHash } from 'node:crypto'
import { stripVTControlCharacters } from 'node:util'
import { TEST_STATUSES, type TestStatus } from '../../lib/report-summary.ts'
import { isFailing, type TestResult } from '../../lib/test-result.ts'

export type TestRow = TestResult & { source: string | null }

export type Reason = Pick<TestResult, 'message' | 'trace'>

interface ReportedTest {
  id?: string
  name: string
  suites: string[]
  parameters?: unknown[]
  status: TestStatus
  ms?: number | null
  message?: string
  trace?: string
  retries?: number
  flaky?: boolean
  source?: string
}

const MAX_ID = 100
const MAX_NAME = 500
const MAX_SUITE = 1000
const MAX_MESSAGE = 2000
const MAX_TRACE = 8000

export function testRow(test: ReportedTest): TestRow {
  const { id, name, suites, parameters = [], status, retries = 0 } = test
  return {
    id: id && id.length <= MAX_ID ? id : digest([...suites, id ?? name, ...parameters]),
    name: truncate(name, MAX_NAME) || '–',
    suite: truncate(suites.filter(Boolean).join(' › '), MAX_SUITE),
    status,
    duration_ms: test.ms ?? null,
    ...(isFailing(test) ? reason(test.message, test.trace) : reason()),
    retries,
    flaky: (test.flaky ?? false) || (retries > 0 && status === 'passed'),
    source: test.source ?? null,
  }
}

export function reason(message?: string | null, trace?: string | null): Reason {
  return { message: plainText(message, MAX_MESSAGE), trace: plainText(trace, MAX_TRACE) }
}

function plainText(value: string | null | undefined, max: number): string | null {
  const plain = stripVTControlCharacters((value ?? '').slice(0, 4 * max)).trim()
  return plain ? truncate(plain, max) : null
}

function truncate(value: string, max: number): string {
  return value.length > max ? `${value.slice(0, max - 1).toWellFormed()}…` : value
}

function digest(parts: unknown[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32)
}

export function statusFrom(word: string): TestStatus {
  return TEST_STATUSES.find(status => status === word) ?? 'unknown'
}
