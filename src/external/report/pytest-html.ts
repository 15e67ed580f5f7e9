import { Parser } from 'htmlparser2'
import * as z from 'zod'
import type { TestStatus } from '../../lib/report-summary.ts'
import { pagesOf } from './address.ts'
import { countStatuses, NO_TIMES, summaryFrom } from './figures.ts'
import type { ReportReader } from './reader.ts'
import { parseJson } from './report-file.ts'
import { type TestRow, testRow } from './test-row.ts'

/** As in allure-pytest: an expected failure is skipped, an unexpected pass has passed. */
const STATUS_OF: Record<string, TestStatus> = {
  passed: 'passed',
  failed: 'failed',
  error: 'broken',
  skipped: 'skipped',
  xfailed: 'skipped',
  xpassed: 'passed',
}

const MAX_DEPTH = 500

const attempt = z.object({ result: z.string(), log: z.string().catch('') })
const schema = z.object({ tests: z.record(z.string(), z.array(attempt)) })
type Attempt = z.output<typeof attempt>
type Tests = z.output<typeof schema>['tests']

export const pytestHtml: ReportReader = {
  candidates: pagesOf,

  read({ url, body }) {
    const tests = testsIn(body)
    if (!tests) return null
    const counts = countStatuses(Object.values(tests).flatMap(statusesOf))
    const rows = Object.entries(tests).flatMap(([nodeId, attempts]) => rowsOf(nodeId, attempts))
    return { format: 'pytest-html', summary: summaryFrom(counts, NO_TIMES), tests: { url, rows } }
  },
}

function testsIn(page: Buffer): Tests | null {
  if (!page.includes('data-jsonblob')) return null
  return schema.safeParse(parseJson(Buffer.from(jsonBlob(page.toString())))).data?.tests ?? null
}

function jsonBlob(html: string): string {
  let found = ''
  let depth = 0
  const parser = new Parser({
    onopentag(_name, attributes) {
      if (attributes.id === 'data-container') found = attributes['data-jsonblob'] ?? ''
      // The container is near the top, and the parser's time grows with the square of the depth.
      if (found || ++depth > MAX_DEPTH) parser.pause()
    },
    onclosetag() {
      depth--
    },
  })
  parser.end(html)
  return found
}

/** A rerun is not a result unless nothing follows it. */
function statusesOf(results: { result: string }[]): TestStatus[] {
  const words = results.map(({ result }) => result.toLowerCase())
  const final = words.filter(word => word !== 'rerun')
  return final.length === 0 && words.length > 0
    ? ['unknown']
    : final.map(word => STATUS_OF[word] ?? 'unknown')
}

function rowsOf(nodeId: string, attempts: Attempt[]): TestRow[] {
  const log = textOf(attempts.findLast(({ log }) => log)?.log ?? '')
  const retries = attempts.filter(({ result }) => result.toLowerCase() === 'rerun').length
  return statusesOf(attempts).map(status =>
    testRow({ ...namesIn(nodeId), status, message: errorIn(log), trace: log, retries }),
  )
}

/** Splits `tests/test_live.py::TestHls::test_seek[a::b]`; the brackets may contain anything. */
function namesIn(nodeId: string): { name: string; suites: string[] } {
  const bracket = nodeId.indexOf('[')
  const end = bracket < 0 ? nodeId.length : bracket
  const parts = nodeId.slice(0, end).split('::')
  // An error in a fixture: `test_hls::setup`.
  const own = parts.length > 1 && /^(setup|teardown)$/.test(parts.at(-1) ?? '') ? 2 : 1
  return { name: parts.slice(-own).join('::') + nodeId.slice(end), suites: parts.slice(0, -own) }
}

/** pytest marks the lines of the error with E. */
function errorIn(log: string): string {
  const lines = log.split('\n').filter(line => /^E\s/.test(line))
  return lines.map(line => line.slice(1).trim()).join('\n')
}

function textOf(html: string): string {
  let text = ''
  const parser = new Parser({
    ontext(part) {
      text += part
    },
  })
  parser.end(html.slice(0, MAX_LOG))
  return text
}

const MAX_LOG = 64_000
