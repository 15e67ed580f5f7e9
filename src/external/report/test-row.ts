import { createHash } from 'node:crypto'
import { stripVTControlCharacters } from 'node:util'
import { TEST_STATUSES, type TestStatus } from '../../lib/report-summary.ts'
import { isFailing, type TestResult } from '../../lib/test-result.ts'

/** A test as a format's list tells it; `source` names the file with what it says of its failure. */
export type TestRow = TestResult & { source: string | null }

interface Told {
  /** Where the report gives none, it is made of what the test is called. */
  id?: string
  name: string
  suites: string[]
  /** What else tells this test from others of its name. */
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

export function testRow(told: Told): TestRow {
  const { id, name, suites, parameters = [], status, retries = 0 } = told
  return {
    id: id && id.length <= MAX_ID ? id : digest([...suites, id ?? name, ...parameters]),
    name: cut(name, MAX_NAME) || '–',
    suite: cut(suites.filter(Boolean).join(' › '), MAX_SUITE),
    status,
    duration_ms: told.ms ?? null,
    ...(isFailing(told) ? reason(told.message, told.trace) : reason()),
    retries,
    flaky: (told.flaky ?? false) || (retries > 0 && status === 'passed'),
    source: told.source ?? null,
  }
}

/** Why a test fails, without a terminal's colours, cut to what fits on a page. */
export function reason(message?: string | null, trace?: string | null) {
  return { message: text(message, MAX_MESSAGE), trace: text(trace, MAX_TRACE) }
}

function text(value: string | null | undefined, max: number): string | null {
  const plain = stripVTControlCharacters((value ?? '').slice(0, 4 * max)).trim()
  return plain ? cut(plain, max) : null
}

function cut(value: string, max: number): string {
  return value.length > max ? `${value.slice(0, max - 1).toWellFormed()}…` : value
}

function digest(parts: unknown[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32)
}

export function statusFrom(word: string): TestStatus {
  return TEST_STATUSES.find(status => status === word) ?? 'unknown'
}
