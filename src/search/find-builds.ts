import { TRIGRAM_INDEX, VALID_INDEX } from '../postgres/indexes.ts'
import type { Result } from './result.ts'
import type { Ask } from './within-time.ts'

interface BuildRow {
  id: number
  job: string
  number: number
  path: string
}

const COLUMNS = 'build.id, build.job_name AS job, build.build_number AS number, build.package_path AS path'
const MOST = 20

/** `101`, `#101` and `core #101`: one index look-up for each job. */
export async function findBuildsByNumber(ask: Ask, query: string): Promise<Result[]> {
  const [, job = '', digits = ''] = /^(.*?)\s*#?\s*(\d{1,10})$/.exec(query) ?? []
  if (!digits || Number(digits) > 2_147_483_647) return []
  const rows = await ask<BuildRow>(
    `SELECT ${COLUMNS} FROM job_version_selections job CROSS JOIN LATERAL (
       SELECT * FROM build_info WHERE job_name = job.job_name AND build_number = $2 ORDER BY id DESC LIMIT 3
     ) AS build
     WHERE strpos(lower(job.job_name), $1) > 0
     ORDER BY lower(job.job_name) <> $1, build.created_at DESC LIMIT ${MOST}`,
    [job, Number(digits)],
  )
  return rows.map(presentBuild)
}

/** What an index by trigrams knows. */
const TRIGRAM = /[\p{L}\p{N}]{3}/u

/** The newest whose job, path or user contains the text; none where there is no trigram index. */
export async function findBuilds(ask: Ask, query: string): Promise<Result[]> {
  if (!TRIGRAM.test(query)) return []
  const [index] = await ask<{ valid: boolean }>(VALID_INDEX, [TRIGRAM_INDEX])
  if (!index?.valid) return []
  const rows = await ask<BuildRow>(
    `SELECT ${COLUMNS} FROM build_info AS build WHERE search_text LIKE $1
     ORDER BY created_at DESC, id DESC LIMIT ${MOST}`,
    [`%${query.replace(/[\\%_]/g, '\\$&')}%`],
  )
  return rows.map(presentBuild)
}

function presentBuild({ id, job, number, path }: BuildRow): Result {
  return { kind: 'build', id, title: `${job} #${number}`, detail: path, url: `/builds/${id}/test` }
}
