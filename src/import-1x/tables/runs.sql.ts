import type { RunStatus } from '../../lib/run-status.ts'
import { idFor, type NewMapping, type Target } from '../target.ts'
import type { NewStep } from './steps.ts'

export interface NewRun {
  id: number | null
  keep: number | null
  old_id: string
  fingerprint: string
  test_item_id: number
  item_name: string
  build_info_id: number | null
  parameter_set_id: number | null
  parameters: object
  job_name: string
  build_number: number
  package_path: string
  package_base_url: string
  triggered_by: string
  status: RunStatus
  outcome: string
  error_message: string | null
  download_url: string | null
  download_path: string | null
  task_id: string | null
  report_url: string | null
  summary: object | null
  response_raw_data: string | null
  max_query_hours: number
  query_interval: number
  query_timeout: number
  created_at: Date
  started_at: Date
  finished_at: Date
  steps: NewStep[]
}

const TYPES: Record<Exclude<keyof NewRun, 'id' | 'keep' | 'old_id' | 'fingerprint' | 'steps'>, string> = {
  ...{
    test_item_id: 'int',
    item_name: 'text',
    build_info_id: 'int',
    parameter_set_id: 'int',
    parameters: 'jsonb',
  },
  ...{
    job_name: 'text',
    build_number: 'int',
    package_path: 'text',
    package_base_url: 'text',
    triggered_by: 'text',
  },
  ...{ status: 'run_status', outcome: 'run_outcome', error_message: 'text', download_url: 'text' },
  ...{
    download_path: 'text',
    task_id: 'text',
    report_url: 'text',
    summary: 'jsonb',
    response_raw_data: 'text',
  },
  ...{ max_query_hours: 'float8', query_interval: 'float8', query_timeout: 'float8' },
  ...{ created_at: 'timestamptz', started_at: 'timestamptz', finished_at: 'timestamptz' },
}

const COLUMNS = Object.keys(TYPES)
const VALUES = COLUMNS.map(column => (column === 'response_raw_data' ? `${column}::jsonb` : column))
const INPUT = `jsonb_to_recordset($1::jsonb) AS input(id int, keep int, old_id text, fingerprint text, steps jsonb,
  ${Object.entries(TYPES)
    .map(pair => pair.join(' '))
    .join(', ')})`

export async function insertRuns(target: Target, runs: NewRun[]): Promise<NewMapping[]> {
  if (!runs.length) return []
  // An id for each first: so that the steps find their runs.
  const { rows } = await target.client.query<{ id: number }>(
    `SELECT ${idFor('deploy_test_runs', 'keep')} AS id
     FROM unnest($1::int[]) WITH ORDINALITY AS wanted(keep, place) ORDER BY place`,
    [runs.map(run => run.keep)],
  )
  const placed = runs.map((run, place) => ({ ...run, id: rows[place]?.id ?? 0 }))
  await target.client.query(
    `INSERT INTO deploy_test_runs (id, test_server_url, ${COLUMNS.join(', ')})
     SELECT id, '', ${VALUES.join(', ')} FROM ${INPUT}`,
    [JSON.stringify(placed)],
  )
  return writeSteps(target, placed)
}

/** Those that were deleted here since they were imported stay so. */
export async function updateRuns(target: Target, runs: NewRun[]): Promise<NewMapping[]> {
  if (!runs.length) return []
  const { rows } = await target.client.query<{ id: number }>(
    `UPDATE deploy_test_runs AS run SET ${COLUMNS.map((column, index) => `${column} = new.v${index}`).join(', ')}
     FROM (SELECT id, ${VALUES.map((value, index) => `${value} AS v${index}`).join(', ')} FROM ${INPUT}) AS new
     WHERE run.id = new.id RETURNING run.id`,
    [JSON.stringify(runs)],
  )
  const here = new Set(rows.map(row => row.id))
  await target.client.query('DELETE FROM deploy_test_steps WHERE run_id = ANY($1)', [[...here]])
  const kept = runs.flatMap(run => (run.id !== null && here.has(run.id) ? { ...run, id: run.id } : []))
  return writeSteps(target, kept)
}

async function writeSteps(target: Target, runs: (NewRun & { id: number })[]): Promise<NewMapping[]> {
  const steps = runs.flatMap(run =>
    run.steps.map(step => ({
      ...step,
      run_id: run.id,
      start_time: step.start_time ?? run.started_at,
      end_time: step.end_time ?? step.start_time ?? run.finished_at,
    })),
  )
  await target.client.query(
    `INSERT INTO deploy_test_steps (run_id, name, attempt, status, start_time, end_time, details, error)
     SELECT run_id, name, attempt, status, start_time, end_time, details, error
     FROM jsonb_to_recordset($1::jsonb) AS step(run_id int, name step_name, attempt int, status step_status,
       start_time timestamptz, end_time timestamptz, details jsonb, error text)`,
    [JSON.stringify(steps)],
  )
  return runs.map(run => ({ oldId: run.old_id, newId: run.id, fingerprint: run.fingerprint }))
}
