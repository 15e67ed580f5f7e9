import { IMPORTER, type Import } from '../context.ts'
import type { OldRow, OldTable } from '../source.ts'
import { announce, findMapped, findNewIds, idFor, keepable, type Mapped, remember } from '../target.ts'
import { timeIn } from '../values.ts'
import { nameProblem } from './names.ts'

const TABLE = 'job_version_selections'

export const OLD_JOB_VERSIONS: OldTable = {
  ...{ name: TABLE, key: 'id', batch: 500 },
  columns: ['id', 'job_name', 'selected_build_id', 'auto_sync_enabled', 'last_sync_time', 'updated_at'],
}

export async function importJobVersions(all: Import, rows: OldRow[]): Promise<void> {
  const mapped = await findMapped(
    all.target,
    TABLE,
    rows.map(row => row.id ?? null),
  )
  const builds = await findBuilds(all, rows)
  for (const row of rows) {
    const before = mapped.get(row.id ?? '')
    if (before?.fingerprint === row.fingerprint) all.journal.countsOf(TABLE).unchanged += 1
    else
      await importJobVersion(
        all,
        row,
        before,
        builds.get(`${row.selected_build_id} ${row.job_name?.trim()}`) ?? null,
      )
  }
}

/** By old id and job: 1.x let a job select the build of another one. */
async function findBuilds({ target }: Import, rows: OldRow[]): Promise<Map<string, number>> {
  const newIds = await findNewIds(
    target,
    'build_info',
    rows.map(row => row.selected_build_id ?? null),
  )
  const { rows: builds } = await target.client.query<{ id: number; job_name: string }>(
    'SELECT id, job_name FROM build_info WHERE id = ANY($1)',
    [[...newIds.values()]],
  )
  const jobs = new Map(builds.map(build => [build.id, build.job_name]))
  return new Map([...newIds].map(([oldId, id]) => [`${oldId} ${jobs.get(id)}`, id]))
}

async function importJobVersion(
  all: Import,
  row: OldRow,
  before: Mapped | undefined,
  buildId: number | null,
): Promise<void> {
  const { target, journal } = all
  const counts = journal.countsOf(TABLE)
  const wrong = nameProblem(row.job_name, 255)
  if (wrong) return journal.refuse(TABLE, row.id ?? null, wrong)
  if (row.selected_build_id && buildId === null)
    journal.adjust(
      TABLE,
      row.id ?? null,
      `its build ${row.selected_build_id} is not here or of another job: none is selected`,
    )
  const values = valuesOf(row, buildId)
  const written = before ? await update(all, row, before, values) : await insert(all, row, values)
  if (written === null) return
  const { id: newId, isMerged } = written
  await remember(target, TABLE, [{ oldId: row.id ?? '', newId, fingerprint: row.fingerprint, isMerged }])
  await announce(target, 'job', row.job_name ?? '')
  if (isMerged) counts.merged += 1
  else if (before) counts.updated += 1
  else counts.taken += 1
}

function valuesOf(row: OldRow, buildId: number | null) {
  const updatedAt = timeIn(row.updated_at) ?? new Date()
  return [buildId, row.auto_sync_enabled !== 'false', timeIn(row.last_sync_time) ?? updatedAt, updatedAt]
}

interface Written {
  id: number
  isMerged: boolean
}

/** Whether people chose for `job` here; auto-sync and the first build are nobody's choice. */
const chosenByPeople = (since: string) => `(
  EXISTS (SELECT FROM job_version_history AS change
    WHERE change.job_name = job.job_name AND reason = 'manual' AND selected_at > ${since})
  OR EXISTS (SELECT FROM audit_log WHERE created_at > ${since} AND (
    action = 'set auto-sync' AND subject = job.job_name
    OR action = 'select build' AND starts_with(subject, job.job_name || ' #'))))`

/** A job that announced builds to this CRAT, too, follows the choice that people made in 1.x, but not against one here. */
async function insert({ target }: Import, row: OldRow, values: unknown[]): Promise<Written | null> {
  const { rows } = await target.client.query<Written>(
    `WITH written AS (
       INSERT INTO ${TABLE} AS job (id, job_name, selected_build_id, auto_sync_enabled, last_sync_time, created_at, updated_at)
       SELECT ${idFor(TABLE, '$5::int')}, $6, $1::int, $2, $3, least($4, now()), least($4, now())
       ON CONFLICT (job_name) DO UPDATE SET selected_build_id = coalesce(excluded.selected_build_id, job.selected_build_id),
         auto_sync_enabled = excluded.auto_sync_enabled, last_sync_time = excluded.last_sync_time
       WHERE NOT ${chosenByPeople('to_timestamp(0)')}
       RETURNING id
     )
     SELECT id, false AS "isMerged" FROM written
     UNION ALL SELECT id, true FROM ${TABLE} WHERE job_name = $6 AND NOT EXISTS (SELECT FROM written)`,
    [...values, keepable(row.id ?? null), row.job_name?.trim()],
  )
  return rows[0] ?? null
}

async function update(all: Import, row: OldRow, before: Mapped, values: unknown[]): Promise<Written | null> {
  const { rows } = await all.target.client.query<Written>(
    `UPDATE ${TABLE} AS job SET selected_build_id = $1, auto_sync_enabled = $2, last_sync_time = $3, updated_at = least($4, now())
     WHERE id = $5 AND NOT ${chosenByPeople('$6::timestamptz')} RETURNING id, false AS "isMerged"`,
    [...values, before.newId, before.importedAt],
  )
  if (rows[0]) return rows[0]
  all.journal.refuse(TABLE, row.id ?? null, 'it was changed or deleted in CRAT 2 as well, which stays')
  return null
}

/** 1.x found its jobs in the builds; here a job is listed by its selection. */
export async function addMissingJobs({ target, journal }: Import): Promise<void> {
  const { rows } = await target.client.query<{ job_name: string }>(
    `WITH newest AS (
       SELECT DISTINCT ON (job_name) job_name, build.id FROM build_info AS build
       JOIN imported_rows ON new_id = build.id AND source = $1 AND source_table = 'build_info'
       WHERE NOT EXISTS (SELECT FROM ${TABLE} AS job WHERE job.job_name = build.job_name)
       ORDER BY job_name, created_at DESC, build.id DESC
     ), added AS (
       INSERT INTO ${TABLE} (job_name, selected_build_id) SELECT job_name, id FROM newest
       ON CONFLICT (job_name) DO NOTHING RETURNING job_name, selected_build_id
     ), history AS (
       INSERT INTO job_version_history (job_name, build_id, selected_by, reason)
       SELECT job_name, selected_build_id, $2, 'first' FROM added
     )
     SELECT job_name FROM added`,
    [target.source, IMPORTER],
  )
  for (const { job_name } of rows) await announce(target, 'job', job_name)
  if (rows.length)
    journal.say(
      `${rows.length} jobs without a selection in 1.x are here with their newest build and auto-sync`,
    )
}
