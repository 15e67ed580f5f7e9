import { Parser } from 'htmlparser2'
import type { ReportSummary, TestStatus } from '../../lib/report-summary.ts'
import { countStatuses, duration, instant, span, spread, summaryFrom } from './figures.ts'
import { type TestRow, testRow } from './test-row.ts'

const WORST_FIRST: TestStatus[] = ['failed', 'broken', 'skipped', 'passed']
const STATUS_OF: Record<string, TestStatus> = { failure: 'failed', error: 'broken', skipped: 'skipped' }

const ROOTS = ['testsuites', 'testsuite']
/** Suites nest, but not like this: the parser's time grows with the square of the depth. */
const MAX_DEPTH = 500

/** How Maven's Surefire tells of attempts before the last one. */
const EARLIER_ATTEMPT = /^(rerun|flaky)(Failure|Error)$/
const MAX_TEXT = 32_000

interface TestCase {
  status: TestStatus
  ms: number | null
  name: string
  suites: string[]
  message: string
  trace: string
  retries: number
}

interface Suites {
  cases: TestCase[]
  /** The root's time, or that of the only suite below it. */
  wallClock: number | null
  start: number | null
}

/**
 * JUnit XML; null for anything else, also for a file that breaks off, whose counts would be too good.
 * The cases themselves are counted: the totals in the suites' attributes mean different things to different
 * writers. The parser expands no entities but XML's own five.
 */
export function parseJUnit(xml: string): ReportSummary | null {
  const suites = readSuites(xml)
  if (!suites) return null
  const { cases, wallClock, start } = suites
  return summaryFrom(countStatuses(cases.map(each => each.status)), {
    ...span(start, start !== null && wallClock !== null ? start + wallClock : null),
    duration_ms: wallClock,
    ...spread(cases.flatMap(each => each.ms ?? [])),
  })
}

/** The test cases of JUnit XML, null for anything else. */
export function junitTests(xml: string): TestRow[] | null {
  return readSuites(xml)?.cases.map(testRow) ?? null
}

function readSuites(xml: string): Suites | null {
  const cases: TestCase[] = []
  const path: string[] = []
  const suites: string[] = []
  const topTimes: (number | null)[] = []
  let rootTime: number | null = null
  let start: number | null = null
  let closed = false
  const parser = new Parser(
    {
      onopentag(name, attributes) {
        path.push(name)
        if (!ROOTS.includes(path[0] ?? '') || path.length > MAX_DEPTH) return parser.pause()
        const inside = path.at(-2)
        const current = cases.at(-1)
        if (path.length === 1) rootTime = seconds(attributes.time)
        if (path.length === 2 && name === 'testsuite') topTimes.push(seconds(attributes.time))
        if (name === 'testsuite') start = earlier(start, timestamp(attributes.timestamp))
        if (name === 'testsuite') suites.push(attributes.name ?? '')
        if (name === 'testcase') cases.push(newCase(attributes, suites))
        else if (inside === 'testcase' && current) addToCase(current, name, attributes.message)
      },
      ontext(text) {
        const current = cases.at(-1)
        const isReason = path.at(-2) === 'testcase' && STATUS_OF[path.at(-1) ?? '']
        if (current && isReason && current.trace.length < MAX_TEXT) current.trace += text
      },
      onclosetag(name) {
        path.pop()
        if (name === 'testsuite') suites.pop()
        closed = path.length === 0
      },
    },
    { xmlMode: true },
  )
  // Not `end`, which would close what a file that breaks off has left open.
  parser.write(xml)
  const onlySuite = topTimes.length === 1 ? (topTimes[0] ?? null) : null
  return closed ? { cases, wallClock: rootTime ?? onlySuite, start } : null
}

function newCase({ name = '', classname = '', time }: Record<string, string>, suites: string[]): TestCase {
  const own = classname === suites.at(-1) ? [] : [classname]
  return {
    ...{ status: 'passed', ms: seconds(time), name, suites: [...suites, ...own] },
    ...{ message: '', trace: '', retries: 0 },
  }
}

function addToCase(current: TestCase, element: string, message = ''): void {
  current.status = worse(current.status, STATUS_OF[element])
  current.message ||= STATUS_OF[element] ? message : ''
  if (EARLIER_ATTEMPT.test(element)) current.retries += 1
}

const worse = (a: TestStatus, b: TestStatus = a) => (WORST_FIRST.indexOf(b) < WORST_FIRST.indexOf(a) ? b : a)

const earlier = (a: number | null, b: number | null) => (a === null || b === null ? (a ?? b) : Math.min(a, b))

/** Milliseconds; some writers put commas between the thousands. */
function seconds(text = ''): number | null {
  const plain = text.trim().replaceAll(',', '')
  return /^\d+(\.\d+)?(e-?\d+)?$/i.test(plain) ? duration.parse(Number(plain) * 1000) : null
}

/** A time without a zone could be any zone's: not taken. */
function timestamp(text = ''): number | null {
  return /T.*(Z|[+-]\d\d:?\d\d)$/.test(text) ? instant.parse(Date.parse(text)) : null
}
