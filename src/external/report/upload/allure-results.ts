import { createHash } from 'node:crypto'
import * as z from 'zod'
import type { ReportSummary } from '../../../lib/report-summary.ts'
import { flag } from '../allure-fields.ts'
import { countStatuses, instant, NO_TIMES, span, spread, summaryFrom } from '../figures.ts'
import { statusFrom, type TestRow, testRow } from '../test-row.ts'

const text = z.string().catch('')
const named = z.object({ name: text, value: text })
const list = <T extends z.ZodType>(entry: T) =>
  z
    .array(z.unknown())
    .catch([])
    .transform(entries => entries.flatMap(each => entry.safeParse(each).data ?? []))

const parameter = z.object({ name: text, value: text, excluded: flag })

const resultSchema = z.object({
  name: z.string().min(1),
  fullName: text,
  testCaseId: text,
  status: z.string().catch('unknown'),
  start: instant,
  stop: instant,
  labels: list(named),
  parameters: list(parameter),
  titlePath: list(z.string()),
  statusDetails: z.object({ message: text, trace: text, flaky: flag }).partial().catch({}),
})
type Result = z.output<typeof resultSchema>

/** One attempt of a test. */
export interface Attempt {
  historyId: string | null
  start: number | null
  stop: number | null
  row: TestRow
}

/** Returns null for what is no result. */
export function parseAttempt(json: unknown): Attempt | null {
  const result = resultSchema.safeParse(json).data
  if (!result) return null
  const { start, stop } = result
  const historyId = historyIdOf(result)
  return { historyId, start, stop, row: rowOf(result, historyId) }
}

function rowOf(result: Result, historyId: string | null): TestRow {
  const { name, start, stop } = result
  const { message, trace, flaky } = result.statusDetails
  return testRow({
    id: historyId ?? undefined,
    ...{ name, suites: suitesOf(result), status: statusFrom(result.status), message, trace, flaky },
    parameters: result.parameters.map(({ name, value }) => ({ name, value })),
    ms: start !== null && stop !== null ? Math.max(0, stop - start) : null,
  })
}

/** The last attempt of a test counts, as in a report of Allure. */
export function summariseAttempts(attempts: Attempt[]): { summary: ReportSummary; rows: TestRow[] } {
  const byTest = Map.groupBy(attempts, attempt => attempt.historyId ?? attempt)
  const rows = [...byTest.values()].map(lastOf)
  const starts = attempts.flatMap(({ start }) => start ?? [])
  const stops = attempts.flatMap(({ stop }) => stop ?? [])
  const durations = rows.flatMap(row => row.duration_ms ?? [])
  const [start, stop] = [least(starts), most(stops)]
  const times = {
    ...{ ...NO_TIMES, ...span(start, stop), ...spread(durations) },
    duration_ms: start !== null && stop !== null && stop >= start ? stop - start : null,
  }
  return { summary: summaryFrom(countStatuses(rows.map(({ status }) => status)), times), rows }
}

function lastOf(attempts: Attempt[]): TestRow {
  const { row } = attempts.toSorted((a, b) => (a.start ?? 0) - (b.start ?? 0)).at(-1) as Attempt
  const retries = attempts.length - 1
  return { ...row, retries, flaky: row.flaky || (retries > 0 && row.status === 'passed') }
}

function suitesOf({ labels, titlePath }: Result): string[] {
  if (titlePath.length) return titlePath.slice(0, 20)
  return ['parentSuite', 'suite', 'subSuite'].flatMap(
    name => labels.find(label => label.name === name)?.value ?? [],
  )
}

/** As Allure 3 makes it, so that a test is the same here and in the reports of other runs. */
function historyIdOf({ testCaseId, fullName, labels, parameters }: Result): string | null {
  const allureId = labels.find(({ name, value }) => /^(ALLURE|AS)_ID$/.test(name) && value !== '-1')?.value
  const test = allureId ? `ALLURE_ID=${allureId}` : testCaseId || fullName
  if (!test) return null
  const included = parameters
    .filter(({ excluded }) => !excluded)
    .sort((a, b) => a.name.localeCompare(b.name) || a.value.localeCompare(b.value))
    .map(({ name, value }) => `${name}:${value}`)
  return `${md5(test)}.${md5(included.join(','))}`
}

const md5 = (value: string) => createHash('md5').update(value).digest('hex')
const least = (values: number[]) => (values.length ? values.reduce((a, b) => Math.min(a, b)) : null)
const most = (values: number[]) => (values.length ? values.reduce((a, b) => Math.max(a, b)) : null)
