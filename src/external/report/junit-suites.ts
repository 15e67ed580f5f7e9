import { type Handler, Parser } from 'htmlparser2'
import type { TestStatus } from '../../lib/report-summary.ts'
import { isFailing } from '../../lib/test-result.ts'
import { duration, instant } from './figures.ts'
import { MAX_EXPLAINED, MAX_TESTS } from './keep-tests.ts'

export interface Suites {
  /** The first, and one more than are kept. */
  cases: TestCase[]
  /** Of all cases. */
  statuses: TestStatus[]
  durations: number[]
  wallClock: number | null
  start: number | null
}

export interface TestCase {
  status: TestStatus
  ms: number | null
  name: string
  suites: string[]
  message: string
  trace: string
  retries: number
}

type Attributes = Record<string, string>

const ROOTS = ['testsuites', 'testsuite']
/** The parser's time grows with the square of the depth. */
const MAX_DEPTH = 500
const MAX_TEXT = 32_000
const MAX_SUITES = 20

const WORST_FIRST: TestStatus[] = ['failed', 'broken', 'skipped', 'passed']
const STATUS_OF: Record<string, TestStatus> = { failure: 'failed', error: 'broken', skipped: 'skipped' }
const EARLIER_ATTEMPT = /^(rerun|flaky)(Failure|Error)$/

/** Returns null for anything but complete JUnit XML. The parser expands only XML's own five entities. */
export function parseSuites(xml: string): Suites | null {
  const handler = new SuitesHandler()
  // Not `end`, which would close the elements of a truncated file.
  new Parser(handler, { xmlMode: true }).write(xml)
  return handler.isClosed ? handler.suites() : null
}

class SuitesHandler implements Partial<Handler> {
  isClosed = false
  readonly #cases: TestCase[] = []
  readonly #statuses: TestStatus[] = []
  readonly #durations: number[] = []
  #current: TestCase | undefined
  #explained = 0
  readonly #path: string[] = []
  readonly #suites: string[] = []
  readonly #topTimes: (number | null)[] = []
  #rootTime: number | null = null
  #start: number | null = null
  #parser: Parser | undefined

  onparserinit(parser: Parser): void {
    this.#parser = parser
  }

  onopentag(element: string, attributes: Attributes): void {
    this.#path.push(element)
    if (!ROOTS.includes(this.#path[0] ?? '') || this.#path.length > MAX_DEPTH) this.#parser?.pause()
    else this.#open(element, attributes)
  }

  #open(element: string, attributes: Attributes): void {
    if (this.#path.length === 1) this.#rootTime = seconds(attributes.time)
    if (element === 'testsuite') this.#openSuite(attributes)
    else if (element === 'testcase') this.#openCase(attributes)
    else if (this.#current && this.#path.at(-2) === 'testcase')
      this.#addToCase(this.#current, element, attributes)
  }

  #openCase(attributes: Attributes): void {
    this.#endCase()
    this.#current = newCase(attributes, this.#suites)
  }

  /** Of very many cases only the figures are kept. */
  #endCase(): void {
    const ended = this.#current
    if (!ended) return
    this.#statuses.push(ended.status)
    if (ended.ms !== null) this.#durations.push(ended.ms)
    if (this.#cases.length <= MAX_TESTS) this.#cases.push(ended)
  }

  #addToCase(current: TestCase, element: string, { message = '' }: Attributes): void {
    const status = STATUS_OF[element]
    if (status && isFailing({ status }) && !isFailing(current)) this.#explained += 1
    current.status = worse(current.status, status)
    if (status && this.#explains()) current.message ||= message.slice(0, MAX_TEXT)
    if (EARLIER_ATTEMPT.test(element)) current.retries += 1
  }

  #explains(): boolean {
    return this.#explained <= MAX_EXPLAINED
  }

  #openSuite({ name = '', time, timestamp }: Attributes): void {
    if (this.#path.length === 2) this.#topTimes.push(seconds(time))
    this.#start = earlier(this.#start, instantFrom(timestamp))
    this.#suites.push(name)
  }

  ontext(text: string): void {
    const current = this.#current
    const isReason = this.#path.at(-2) === 'testcase' && STATUS_OF[this.#path.at(-1) ?? '']
    if (current && isReason && this.#explains())
      current.trace += text.slice(0, MAX_TEXT - current.trace.length)
  }

  onclosetag(element: string): void {
    this.#path.pop()
    if (element === 'testsuite') this.#suites.pop()
    this.isClosed = this.#path.length === 0
  }

  suites(): Suites {
    this.#endCase()
    const onlySuite = this.#topTimes.length === 1 ? (this.#topTimes[0] ?? null) : null
    return {
      ...{ cases: this.#cases, statuses: this.#statuses, durations: this.#durations },
      ...{ wallClock: this.#rootTime ?? onlySuite, start: this.#start },
    }
  }
}

function newCase({ name = '', classname = '', time }: Attributes, suites: string[]): TestCase {
  const own = classname === suites.at(-1) ? [] : [classname]
  return {
    ...{ status: 'passed', ms: seconds(time), name, suites: [...suites, ...own].slice(0, MAX_SUITES) },
    ...{ message: '', trace: '', retries: 0 },
  }
}

const worse = (a: TestStatus, b: TestStatus = a) => (WORST_FIRST.indexOf(b) < WORST_FIRST.indexOf(a) ? b : a)

const earlier = (a: number | null, b: number | null) => (a === null || b === null ? (a ?? b) : Math.min(a, b))

/** Some writers put commas between the thousands. */
function seconds(text = ''): number | null {
  const plain = text.trim().replaceAll(',', '')
  return /^\d+(\.\d+)?(e-?\d+)?$/i.test(plain) ? duration.parse(Number(plain) * 1000) : null
}

function instantFrom(timestamp = ''): number | null {
  return /T.*(Z|[+-]\d\d:?\d\d)$/.test(timestamp) ? instant.parse(Date.parse(timestamp)) : null
}
