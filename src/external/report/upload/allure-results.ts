import { createHash } from 'node:crypto'
import * as z from 'zod'
import type { ReportSummary } from '../../../lib/report-summary.ts'
import { isFailing } from '../../../lib/test-result.ts'
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

/** Returns null for what is no result. */
export function parseAllureResult(json: unknown): Result | null {
  return resultSchema.safeParse(json).data ?? null
}

/** The last attempt of a test counts, as in a report of Allure. */
export function summariseAllureResults(results: Result[]): { summary: ReportSummary; rows: TestRow[] } {
  const attempts = Map.groupBy(results, result => historyIdOf(result) ?? result)
  const rows = [...attempts.values()].map(rowOf)
  const starts = results.flatMap(({ start }) => start ?? [])
  const stops = results.flatMap(({ stop }) => stop ?? [])
  const durations = rows.flatMap(row => row.duration_ms ?? [])
  const [start, stop] = [least(starts), most(stops)]
  const times = {
    ...{ ...NO_TIMES, ...span(start, stop), ...spread(durations) },
    duration_ms: start !== null && stop !== null && stop >= start ? stop - start : null,
  }
  return { summary: summaryFrom(countStatuses(rows.map(({ status }) => status)), times), rows }
}

function rowOf(attempts: Result[]): TestRow {
  const inOrder = attempts.toSorted((a, b) => (a.start ?? 0) - (b.start ?? 0))
  const last = inOrder.at(-1) as Result
  const earlier = inOrder.slice(0, -1).map(({ status }) => ({ status: statusFrom(status) }))
  const status = statusFrom(last.status)
  const { message, trace, flaky } = last.statusDetails
  return testRow({
    ...{
      id: historyIdOf(last) ?? undefined,
      name: last.name,
      suites: suitesOf(last),
      status,
      message,
      trace,
    },
    parameters: last.parameters.map(({ name, value }) => ({ name, value })),
    ms: last.start !== null && last.stop !== null ? Math.max(0, last.stop - last.start) : null,
    retries: attempts.length - 1,
    flaky: flaky === true || (status === 'passed' && earlier.some(isFailing)),
  })
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
