import type { Queryable } from '../database/client.ts'
import type { TestResultModel as StoredTest } from '../generated/prisma/models.ts'
import { notFound } from '../lib/errors.ts'
import { createBudget } from '../lib/shorten.ts'
import { FAILING } from '../lib/test-result.ts'
import { type FailureGroup, groupFailures } from './group-failures.ts'

const COLUMNS = {
  position: true,
  name: true,
  suite: true,
  change: true,
  flaky: true,
  url: true,
  message: true,
} as const

type Row = Pick<StoredTest, keyof typeof COLUMNS>

/** `text`: message and trace; `cut`: not all of them. */
export interface Failure extends Row {
  text: string
  cut: boolean
}

export interface Failures {
  total: number
  shown: number
  groups: (FailureGroup<Failure> & { total: number })[]
}

const MOST_READ = 1000
/** So that the page stays light. */
const MOST_LINES = 60
const LINES_OF_GROUP = 20
const MOST_CHARACTERS = 45_000
const CHARACTERS_OF_TEST = 4000

/** The failing tests of a run, new ones first, those that fail alike together. */
export async function findFailures(db: Queryable, runId: number): Promise<Failures | null> {
  const where = { runId, status: { in: [...FAILING] } }
  const [total, rows] = await Promise.all([
    db.testResult.count({ where }),
    db.testResult.findMany({ where, select: COLUMNS, orderBy: { position: 'asc' }, take: MOST_READ }),
  ])
  if (total === 0) return null
  const chosen = chooseLines(groupFailures(newFirst(rows)))
  const positions = chosen.flatMap(({ tests }) => tests.map(({ position }) => position))
  const traces = await readTraces(db, runId, positions)
  const texts = withTexts(chosen, traces)
  return { total, shown: positions.length, groups: texts }
}

function newFirst(rows: Row[]): Row[] {
  const isNew = ({ change }: Row) => change === 'new_failure'
  return [...rows.filter(isNew), ...rows.filter(row => !isNew(row))]
}

function chooseLines(groups: FailureGroup<Row>[]): (FailureGroup<Row> & { total: number })[] {
  let left = MOST_LINES
  return groups.flatMap(({ message, tests }) => {
    const shown = tests.slice(0, Math.min(left, LINES_OF_GROUP))
    left -= shown.length
    return shown.length ? [{ message, tests: shown, total: tests.length }] : []
  })
}

async function readTraces(db: Queryable, runId: number, positions: number[]): Promise<Map<number, string>> {
  const rows = await db.testResult.findMany({
    where: { runId, position: { in: positions } },
    select: { position: true, trace: true },
  })
  return new Map(rows.map(({ position, trace }) => [position, trace ?? '']))
}

function withTexts(groups: ReturnType<typeof chooseLines>, traces: Map<number, string>): Failures['groups'] {
  const shorten = createBudget({ all: MOST_CHARACTERS, each: CHARACTERS_OF_TEST })
  return groups.map(group => ({
    ...group,
    tests: group.tests.map(test => ({
      ...test,
      ...shorten(textOf(test.message, traces.get(test.position) ?? '')),
    })),
  }))
}

/** A trace often begins with the message. */
function textOf(message: string | null, trace: string): string {
  if (!message || trace.includes(message)) return trace
  return [message, trace].filter(Boolean).join('\n\n')
}

/** Message and trace of one test of a run, whole as far as they are kept. */
export async function getFailureText(db: Queryable, runId: number, position: number): Promise<string> {
  const test = await db.testResult.findUnique({ where: { runId_position: { runId, position } } })
  if (!test) throw notFound('errors:test_not_found', { id: runId, position })
  return `${[test.suite, test.name].filter(Boolean).join(' › ')}\n\n${textOf(test.message, test.trace ?? '')}\n`
}
