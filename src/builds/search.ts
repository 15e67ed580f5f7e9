import type pg from 'pg'
import { type Page, type PageOf, readPage } from '../database/paging.ts'
import type { BuildModel as Build } from '../generated/prisma/models.ts'
import { storable } from '../lib/text.ts'
import { hasTrigramIndex } from '../postgres/indexes.ts'
import { BUILD_COLUMNS, BUILD_ORDER, type BuildReader } from './list-builds.ts'

/**
 * Finds builds whose job, path or user contains the text, or whose number it is, newest first. Without a trigram index
 * it finds those whose job begins with the text.
 */
export async function searchBuilds(
  { pool, longLists }: Pick<BuildReader, 'pool' | 'longLists'>,
  search: string,
  page: Page,
): Promise<PageOf<Build>> {
  const number = numberIn(search)
  const hasText = (await hasTrigramIndex(pool))
    ? `search_text LIKE lower('%' || $1 || '%')`
    : `lower(job_name) LIKE lower($1) || '%'`
  const condition = number === null ? hasText : `(${hasText} OR build_number = $2)`
  const values = [patternOf(search), ...(number === null ? [] : [number])]
  const [most, after] = [`$${values.length + 1}`, `$${values.length + 2}`]
  return readPage(page, {
    async find({ take, skip }) {
      const text = `SELECT ${BUILD_COLUMNS} FROM build_info WHERE ${condition} ${BUILD_ORDER} LIMIT ${most} OFFSET ${after}`
      return (await pool.query<Build>(text, [...values, take, skip])).rows
    },
    async count({ take }) {
      const text = `SELECT count(*)::int AS count FROM (SELECT FROM build_info WHERE ${condition} LIMIT ${most}) AS build`
      return (await pool.query<{ count: number }>(text, [...values, take])).rows[0]?.count ?? 0
    },
    long: longLists.of(`builds with ${search}`),
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
  const values = [jobName, patternOf(search), numberIn(search) ?? NO_NUMBER]
  return (await pool.query<Build>(text, values)).rows
}

const patternOf = (search: string) => storable(search).replace(/[\\%_]/g, '\\$&')

const NO_NUMBER = -1

/** `101` and `#101` are build numbers. */
function numberIn(search: string): number | null {
  const number = Number(/^#?(\d{1,10})$/.exec(search)?.[1] ?? Number.NaN)
  return number <= 2_147_483_647 ? number : null
}
