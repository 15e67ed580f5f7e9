import { announcement } from '../../builds/announcement.ts'
import type { Import } from '../context.ts'
import type { OldRow, OldTable } from '../source.ts'
import { announce, findMapped, idFor, keepable } from '../target.ts'
import { isObject, jsonIn, storableJson, timeIn } from '../values.ts'
import { problemsOf } from './names.ts'

export const OLD_BUILDS: OldTable = {
  ...{ name: 'build_info', key: 'id', batch: 1_000 },
  columns: ['id', 'job_name', 'build_number', 'package_path', 'build_user', 'created_at', 'raw_data'],
}

interface NewBuild {
  old_id: string
  keep: number | null
  job_name: string
  build_number: number
  package_path: string
  build_user: string
  raw_data: string
  created_at: Date
  fingerprint: string
}

export async function importBuilds(all: Import, rows: OldRow[]): Promise<void> {
  const counts = all.journal.countsOf('build_info')
  const mapped = await findMapped(
    all.target,
    'build_info',
    rows.map(row => row.id ?? null),
  )
  const fresh = rows.filter(row => !mapped.has(row.id ?? ''))
  // No build is ever changed, in 1.x or here.
  counts.unchanged += rows.length - fresh.length
  const builds = withTimes(all, fresh).flatMap(row => convert(all, row) ?? [])
  if (!builds.length) return
  const inserted = await insert(all, builds)
  counts.taken += inserted
  counts.merged += builds.length - inserted
  await announce(all.target, 'job', builds[0]?.job_name ?? '')
}

/** Ids ascend with time: a build without one gets that of the build before it. */
function withTimes({ journal }: Import, rows: OldRow[]): OldRow[] {
  let last = rows.find(row => timeIn(row.created_at))?.created_at ?? new Date().toISOString()
  return rows.map(row => {
    if (timeIn(row.created_at)) {
      last = row.created_at ?? last
      return row
    }
    journal.adjust(
      'build_info',
      row.id ?? null,
      `created_at is ${row.created_at ?? 'empty'}: that of the build before it`,
    )
    return { ...row, created_at: last }
  })
}

function convert({ journal }: Import, row: OldRow): NewBuild | null {
  const { id, job_name: JOB_NAME, build_number, package_path: PACKAGE_PATH, build_user: BUILD_USER } = row
  const input = { JOB_NAME, BUILD_NUMBER: Number(build_number), PACKAGE_PATH, BUILD_USER }
  const parsed = announcement.safeParse(input)
  if (!parsed.success) {
    journal.refuse('build_info', id ?? null, problemsOf(parsed.error, input))
    return null
  }
  return {
    ...{ old_id: id ?? '', keep: keepable(id ?? null) },
    ...{ job_name: parsed.data.JOB_NAME, build_number: parsed.data.BUILD_NUMBER },
    ...{ package_path: parsed.data.PACKAGE_PATH, build_user: parsed.data.BUILD_USER },
    raw_data: rawDataOf({ journal }, row),
    ...{ created_at: timeIn(row.created_at) ?? new Date(), fingerprint: row.fingerprint },
  }
}

function rawDataOf({ journal }: Pick<Import, 'journal'>, { id, raw_data: text }: OldRow): string {
  const value = jsonIn(text)
  if (text && isObject(value)) return storableJson(text, value)
  if (value !== null) journal.adjust('build_info', id ?? null, 'raw_data is no JSON object: left empty')
  return '{}'
}

/** Returns how many were not here yet; all are remembered. */
async function insert({ target }: Import, builds: NewBuild[]): Promise<number> {
  const input = JSON.stringify(builds.map((build, place) => ({ ...build, place })))
  const { rowCount } = await target.client.query(
    `INSERT INTO build_info (id, job_name, build_number, package_path, build_user, raw_data, created_at)
     SELECT ${idFor('build_info', 'keep')}, job_name, build_number, package_path, build_user, raw_data::jsonb, created_at
     FROM jsonb_to_recordset($1::jsonb) AS build(place int, keep int, job_name text, build_number int,
       package_path text, build_user text, raw_data text, created_at timestamptz)
     ORDER BY place ON CONFLICT (job_name, build_number, package_path) DO NOTHING`,
    [input],
  )
  await target.client.query(
    `INSERT INTO imported_rows (source, source_table, old_id, new_id, fingerprint)
     SELECT $2, 'build_info', old_id, build.id, fingerprint
     FROM jsonb_to_recordset($1::jsonb) AS old(old_id text, job_name text, build_number int, package_path text,
       fingerprint text)
     JOIN build_info AS build USING (job_name, build_number, package_path)`,
    [input, target.source],
  )
  return rowCount ?? 0
}
