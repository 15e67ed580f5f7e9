import { outcomeOf } from '../../lib/report-summary.ts'
import { isTerminal, RUN_STATUSES, type RunStatus } from '../../lib/run-status.ts'
import type { Import } from '../context.ts'
import type { OldRow, OldTable } from '../source.ts'
import { announce, findMapped, keepable, type Mapped, remember } from '../target.ts'
import { integerIn, isObject, jsonIn, storableJson, textIn, timeIn } from '../values.ts'
import { figuresIn } from './figures.ts'
import { findReferences, type References } from './references.ts'
import { insertRuns, type NewRun, updateRuns } from './runs.sql.ts'
import { type NewStep, stepsOf } from './steps.ts'

const TABLE = 'deploy_test_runs'

export const OLD_RUNS: OldTable = {
  ...{ name: TABLE, key: 'id', batch: 200 },
  columns: [
    ...['id', 'test_item_id', 'build_info_id', 'parameter_set_id', 'triggered_by', 'status', 'download_url'],
    ...['download_path', 'task_id', 'report_url', 'steps', 'response_raw_data', 'summary', 'max_query_hours'],
    ...['query_interval', 'query_timeout', 'started_at', 'finished_at', 'error_message'],
  ],
  joined: {
    from: 'LEFT JOIN build_info AS build ON build.id = old.build_info_id',
    columns: {
      job_name: 'build.job_name',
      build_number: 'build.build_number',
      package_path: 'build.package_path',
    },
  },
}

export async function importRuns(all: Import, rows: OldRow[]): Promise<void> {
  const { target, journal } = all
  const counts = journal.countsOf(TABLE)
  const mapped = await findMapped(
    target,
    TABLE,
    rows.map(row => row.id ?? null),
  )
  const changed = rows.filter(row => mapped.get(row.id ?? '')?.fingerprint !== row.fingerprint)
  counts.unchanged += rows.length - changed.length
  const finished = changed.filter(row => isFinished(all, row))
  if (!finished.length) return
  const references = await findReferences(all, finished)
  const runs = finished.flatMap(row => convert(all, row, references, mapped.get(row.id ?? '')) ?? [])
  const inserted = await insertRuns(
    target,
    runs.filter(run => run.id === null),
  )
  const updated = await updateRuns(
    target,
    runs.filter(run => run.id !== null),
  )
  await remember(target, TABLE, [...inserted, ...updated])
  counts.taken += inserted.length
  counts.updated += updated.length
  await announce(target, 'run', inserted[0]?.newId ?? 0)
}

/** 1.x has states that this CRAT has not: QUEUED and DEPLOYING. */
const UNFINISHED_IN_1 = ['QUEUED', 'DEPLOYING']

function isFinished({ journal }: Import, { id, status }: OldRow): boolean {
  if (status && isStatus(status) && isTerminal(status)) return true
  const isActive = status && (isStatus(status) || UNFINISHED_IN_1.includes(status))
  const why = isActive
    ? `it is not finished (${status}); an import after its end takes it`
    : `its status is ${status ? `"${status}"` : 'empty'}, which does not exist`
  journal.refuse(TABLE, id ?? null, why)
  return false
}

const isStatus = (status: string): status is RunStatus => (RUN_STATUSES as readonly string[]).includes(status)

function convert(
  { journal }: Import,
  row: OldRow,
  references: References,
  before: Mapped | undefined,
): NewRun | null {
  const item = references.items.get(row.test_item_id ?? '')
  if (!item) return refuse(journal, row, `its test item ${row.test_item_id ?? '(none)'} is not here`)
  if (!row.job_name || !row.package_path) {
    return refuse(journal, row, `its build ${row.build_info_id ?? '(none)'} does not exist in 1.x either`)
  }
  const steps = stepsOf(row, why => journal.adjust(TABLE, row.id ?? null, why))
  const answer = jsonIn(row.response_raw_data)
  const summary = figuresIn(jsonIn(row.summary), answer)
  const status = row.status as RunStatus
  const set = references.setOf(row, item)
  return {
    ...{ id: before?.newId ?? null, keep: keepable(row.id ?? null), old_id: row.id ?? '' },
    ...{ fingerprint: row.fingerprint, test_item_id: item.id, item_name: item.name },
    build_info_id: references.builds.get(row.build_info_id ?? '') ?? null,
    ...{ parameter_set_id: set?.id ?? null, parameters: set?.parameters ?? {} },
    ...{ job_name: textIn(row.job_name) ?? '', build_number: Number(row.build_number) },
    ...{ package_path: textIn(row.package_path) ?? '', package_base_url: references.packageBaseUrl },
    ...{ triggered_by: textIn(row.triggered_by) ?? '', status },
    outcome: status === 'COMPLETED' ? outcomeOf(summary) : 'unknown',
    ...{ error_message: textIn(row.error_message), download_url: textIn(row.download_url) },
    ...{ download_path: textIn(row.download_path), task_id: textIn(row.task_id) },
    ...{ report_url: textIn(row.report_url), summary, response_raw_data: answerOf({ journal }, row, answer) },
    ...limitsOf(row),
    ...timesOf({ journal }, row, steps),
    steps,
  }
}

function refuse(journal: Import['journal'], row: OldRow, why: string): null {
  journal.refuse(TABLE, row.id ?? null, why)
  return null
}

function answerOf({ journal }: Pick<Import, 'journal'>, row: OldRow, answer: unknown): string | null {
  const { response_raw_data: text } = row
  if (text && isObject(answer)) return storableJson(text, answer)
  if (answer !== null)
    journal.adjust(TABLE, row.id ?? null, 'response_raw_data is no JSON object: left empty')
  return null
}

function limitsOf(row: OldRow) {
  return {
    max_query_hours: integerIn(row.max_query_hours, 1, 100_000) ?? 3,
    query_interval: integerIn(row.query_interval, 1, 1_000_000) ?? 60,
    query_timeout: integerIn(row.query_timeout, 1, 1_000_000) ?? 30,
  }
}

/** 1.x wrote the moment of the trigger as `started_at`, and left some finished runs without an end. */
function timesOf({ journal }: Pick<Import, 'journal'>, row: OldRow, steps: NewStep[]) {
  const starts = steps.flatMap(step => step.start_time ?? [])
  const ends = steps.flatMap(step => step.end_time ?? step.start_time ?? [])
  const earliest = starts.toSorted((a, b) => +a - +b)[0]
  const latest = ends.toSorted((a, b) => +b - +a)[0]
  const finished = timeIn(row.finished_at)
  const created = timeIn(row.started_at) ?? earliest ?? finished
  if (!timeIn(row.started_at))
    journal.adjust(TABLE, row.id ?? null, 'it has no start: that of its first step')
  if (!finished) journal.adjust(TABLE, row.id ?? null, 'it has no end: that of its last step')
  const created_at = created ?? new Date()
  const started_at = earliest && earliest > created_at ? earliest : created_at
  return { created_at, started_at, finished_at: finished ?? latest ?? started_at }
}
