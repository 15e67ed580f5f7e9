import type pg from 'pg'
import { type Page, type PageOf, readPage } from '../database/paging.ts'
import type { BuildModel as Build } from '../generated/prisma/models.ts'
import { storable } from '../lib/text.ts'
import { hasTrigramIndex } from '../postgres/indexes.ts'
import { BUILD_COLUMNS, BUILD_ORDER } from './list-builds.ts'

/**
 * Finds builds whose job, path or user contains the text, or whose number it is, newest first. Without a trigram index
 * it finds those whose job begins with the text.
 */
export async function searchBuilds(pool: pg.Pool, search: string, page: Page): Promise<PageOf<Build>> {
  const condition = (await hasTrigramIndex(pool))
    ? `(search_text LIKE lower('%' || $1 || '%') OR build_number = $2)`
    : `(lower(job_name) LIKE lower($1) || '%' OR build_number = $2)`
  const values = [patternOf(search), numberIn(search)]
  return readPage(page, {
    async find({ take, skip }) {
      const text = `SELECT ${BUILD_COLUMNS} FROM build_info WHERE ${condition} ${BUILD_ORDER} LIMIT $3 OFFSET $4`
      return (await pool.query<Build>(text, [...values, take, skip])).rows
    },
    async count({ take }) {
      const text = `SELECT count(*)::int AS count FROM (SELECT FROM build_info WHERE ${condition} LIMIT $3) AS build`
      return (await pool.query<{ count: number }>(text, [...values, take])).rows[0]?.count ?? 0
    },
  })
}

const MOST_OF_JOB = 20
/** Only so many of a job's newest builds are searched by their text. */
const SEARCHED_OF_JOB = 5_000

/** Finds builds of a job whose number it is, or whose path or user contains the text, newest first. */
export async function searchBuildsOfJob(pool: pg.Pool, jobName: string, search: string): Promise<Build[]> {
  const text = `SELECT ${BUILD_COLUMNS} FROM (
      (SELECT * FROM build_info WHERE job_name = $1 AND build_number = $3 LIMIT ${MOST_OF_JOB})
      UNION
      (SELECT * FROM (
        SELECT * FROM build_info WHERE job_name = $1 ${BUILD_ORDER} LIMIT ${SEARCHED_OF_JOB}
      ) AS newest
      WHERE package_path ILIKE '%' || $2 || '%' OR build_user ILIKE '%' || $2 || '%' LIMIT ${MOST_OF_JOB})
    ) AS build ${BUILD_ORDER} LIMIT ${MOST_OF_JOB}`
  const values = [jobName, patternOf(search), numberIn(search)]
  return (await pool.query<Build>(text, values)).rows
}

const patternOf = (search: string) => storable(search).replace(/[\\%_]/g, '\\$&')

/** `101` and `#101` are build numbers; -1 matches none. */
function numberIn(search: string): number {
  const number = Number(/^#?(\d{1,10})$/.exec(search)?.[1] ?? -1)
  return number <= 2_147_483_647 ? number : -1
}
