import * as z from 'zod'
import { type ReportSummary, TEST_STATUSES } from '../../../lib/report-summary.ts'
import { countsSchema, duration, summaryFrom } from '../figures.ts'
import { MAX_TESTS } from '../keep-tests.ts'
import { type TestRow, testRow } from '../test-row.ts'

const time = z.iso.datetime().nullable().catch(null)

const runSchema = z.object({
  summary: countsSchema.and(
    z.object({
      ...{ start: time, stop: time, duration_ms: duration, min_duration_ms: duration },
      ...{ max_duration_ms: duration, sum_duration_ms: duration },
    }),
  ),
})

const testSchema = z.object({
  ...{ id: z.string().min(1), name: z.string(), suite: z.string(), status: z.enum(TEST_STATUSES) },
  ...{ flaky: z.boolean(), duration_ms: z.number().nullable(), retries: z.int().min(0) },
  ...{ message: z.string().nullable(), trace: z.string().nullable() },
})

/** A run as CRAT exports it; null for anything else. */
export function readJsonLines(body: Buffer): { summary: ReportSummary; rows: TestRow[] } | null {
  const [first = '', ...rest] = body
    .toString()
    .trimEnd()
    .split('\n', MAX_TESTS + 2)
  const run = runSchema.safeParse(parse(first)).data
  const tests = rest.map(line => testSchema.safeParse(parse(line)).data)
  if (!run || tests.some(test => !test)) return null
  const { start, stop, duration_ms, min_duration_ms, max_duration_ms, sum_duration_ms } = run.summary
  const times = { start, stop, duration_ms, min_duration_ms, max_duration_ms, sum_duration_ms }
  const rows = tests.flatMap(test => (test ? rowOf(test) : []))
  return { summary: summaryFrom(run.summary, times), rows }
}

function rowOf({ suite, duration_ms, ...test }: z.output<typeof testSchema>): TestRow {
  const { message, trace } = test
  return {
    ...testRow({ ...test, suites: [suite], message: message ?? '', trace: trace ?? '' }),
    duration_ms,
  }
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}
