import { IMPORTER, type Import } from './context.ts'

interface Extent {
  /** In days. */
  age: string | null
  most: string | null
}

/**
 * CRAT 1.x kept everything; the settings of this one would remove within the hour what is older. They are raised where
 * nobody has changed them, before the rows come.
 */
export async function keepHistory(all: Import): Promise<void> {
  const builds = await extentOf(all, 'build_info', 'job_name', 'created_at')
  const runs = await extentOf(all, 'deploy_test_runs', 'test_item_id', 'started_at')
  const wanted = {
    keep_builds_days: daysFor(builds),
    keep_builds_per_job: numberFor(builds),
    keep_runs_days: daysFor(runs),
    keep_runs_per_item: numberFor(runs),
  }
  for (const [key, value] of Object.entries(wanted)) await raise(all, key, value)
}

async function extentOf({ source }: Import, table: string, list: string, time: string): Promise<Extent> {
  const [row] = await source.query(
    `SELECT (SELECT ceil(extract(epoch FROM now() - min(${time})) / 86400) FROM ${table}
             WHERE ${time} BETWEEN '1990-01-01' AND now()) AS age,
       (SELECT max(count) FROM (SELECT count(*) FROM ${table} GROUP BY ${list}) AS each) AS most`,
  )
  return { age: row?.age ?? null, most: row?.most ?? null }
}

/** Room for a year of work, so that the next rows do not push out the imported ones. */
const daysFor = ({ age }: Extent) => Math.min(Number(age ?? 0) + 365, 36_500)
const numberFor = ({ most }: Extent) => Math.min(Number(most ?? 0) * 2, 10_000_000)

async function raise({ target, journal }: Import, key: string, value: number): Promise<void> {
  const { rows } = await target.client.query<{ before: number }>(
    `UPDATE system_settings AS setting SET value = to_jsonb($2::float8), updated_by = $3, updated_at = now()
     FROM system_settings AS old
     WHERE setting.key = $1 AND old.key = $1 AND (old.updated_by IS NULL OR old.updated_by = $3)
       AND (old.value #>> '{}')::float8 < $2
     RETURNING (old.value #>> '{}')::float8 AS before`,
    [key, value, IMPORTER],
  )
  if (rows[0])
    journal.say(`${key} is raised from ${rows[0].before} to ${value}, so that what is imported stays`)
}
