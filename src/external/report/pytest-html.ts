import { Parser } from 'htmlparser2'
import { z } from 'zod'
import type { ReportSummary, TestStatus } from '../../lib/report-summary.ts'
import { countStatuses, NO_TIMES, summaryFrom } from './figures.ts'
import { parseJson } from './single-file.ts'

/** As allure-pytest reads them: an expected failure is skipped, an unexpected pass has passed. */
const STATUS_OF: Record<string, TestStatus> = {
  passed: 'passed',
  failed: 'failed',
  error: 'broken',
  skipped: 'skipped',
  xfailed: 'skipped',
  xpassed: 'passed',
}

const MAX_DEPTH = 500

const blob = z.object({ tests: z.record(z.string(), z.array(z.object({ result: z.string() }))) })

/** A page of pytest-html 4, whose data lie in an attribute. Its durations are rounded for people: not taken. */
export function parsePytestHtml(page: Buffer): ReportSummary | null {
  if (!page.includes('data-jsonblob')) return null
  const { data } = blob.safeParse(parseJson(Buffer.from(jsonBlob(page.toString()))))
  return data ? summaryFrom(countStatuses(Object.values(data.tests).flatMap(statusesOf)), NO_TIMES) : null
}

function jsonBlob(html: string): string {
  let found = ''
  let depth = 0
  const parser = new Parser({
    onopentag(_name, attributes) {
      if (attributes.id === 'data-container') found = attributes['data-jsonblob'] ?? ''
      // The container stands near the top; the parser's time grows with the square of the depth.
      if (found || ++depth > MAX_DEPTH) parser.pause()
    },
    onclosetag() {
      depth--
    },
  })
  parser.end(html)
  return found
}

/** One test's results. A rerun is not a result: what came after it is; a test that only was rerun ended unknown. */
function statusesOf(results: { result: string }[]): TestStatus[] {
  const words = results.map(({ result }) => result.toLowerCase())
  const final = words.filter(word => word !== 'rerun')
  return final.length === 0 && words.length > 0
    ? ['unknown']
    : final.map(word => STATUS_OF[word] ?? 'unknown')
}
