import type pg from 'pg'
import type { PageMarks } from '../database/page-marks.ts'
import { type Page, type PageOf, readPage } from '../database/paging.ts'
import type { BuildModel as Build } from '../generated/prisma/models.ts'

export interface BuildFilter extends Page {
  jobName?: string
}

export type BuildMark = Pick<Build, 'createdAt' | 'id'>

export interface BuildReader {
  pool: pg.Pool
  buildMarks: PageMarks<BuildMark>
  /** Lists that are known to be longer than what is counted. */
  longLists: PageMarks<true>
}

export function listBuilds(reader: BuildReader, { jobName, ...page }: BuildFilter): Promise<PageOf<Build>> {
  return readPage(page, {
    find: ({ take, skip }) => findBuilds(reader, jobName ?? null, take, skip),
    count: ({ take }) => countBuilds(reader, jobName ?? null, take),
  })
}

export const BUILD_COLUMNS = `id, job_name AS "jobName", build_number AS "buildNumber", package_path AS "packagePath",
  build_user AS "buildUser", raw_data AS "rawData", created_at AS "createdAt", announced_by AS "announcedBy",
  has_package AS "hasPackage", package_checked_at AS "packageCheckedAt", package_checks AS "packageChecks",
  package_next_check_at AS "packageNextCheckAt"`
export const BUILD_ORDER = 'ORDER BY created_at DESC, id DESC'

async function findBuilds(reader: BuildReader, jobName: string | null, take: number, skip: number) {
  const { pool, buildMarks } = reader
  const list = jobName ?? ''
  const version = buildMarks.version()
  const mark = skip === 0 ? undefined : buildMarks.get(list, skip)
  // The row before the page is read, too, where it is not known: it becomes the mark of this page.
  const lead = skip === 0 || mark ? 0 : 1
  const rows = await queryBuilds(pool, jobName, mark, take + lead, mark ? 0 : skip - lead)
  const [before] = rows
  if (lead && before) buildMarks.set(list, skip, before, version)
  const last = rows.at(take - 2 + lead)
  if (rows.length === take + lead && last) buildMarks.set(list, skip + take - 1, last, version)
  return rows.slice(lead)
}

/** One prepared statement for each combination of conditions: a plan that fits all of them would use no index. */
async function queryBuilds(
  pool: pg.Pool,
  jobName: string | null,
  mark: BuildMark | undefined,
  limit: number,
  offset: number,
): Promise<Build[]> {
  const conditions = [
    ...(jobName === null ? [] : ['job_name = $3']),
    ...(mark ? [`(created_at, id) < ($${jobName === null ? 3 : 4}, $${jobName === null ? 4 : 5})`] : []),
  ]
  const where = conditions.length ? `WHERE ${conditions.join(' AND ')}` : ''
  const { rows } = await pool.query<Build>({
    name: `list-builds${jobName === null ? '' : '-of-job'}${mark ? '-after' : ''}`,
    text: `SELECT ${BUILD_COLUMNS} FROM build_info ${where} ${BUILD_ORDER} LIMIT $1 OFFSET $2`,
    values: [
      limit,
      offset,
      ...(jobName === null ? [] : [jobName]),
      ...(mark ? [mark.createdAt, mark.id] : []),
    ],
  })
  return rows
}

async function countBuilds(
  { pool, longLists }: BuildReader,
  jobName: string | null,
  most: number,
): Promise<number> {
  const list = jobName ?? ''
  if (longLists.get(list, most)) return most
  const version = longLists.version()
  const where = jobName === null ? '' : 'WHERE job_name = $2'
  const { rows } = await pool.query<{ count: number }>({
    name: `count-builds${jobName === null ? '' : '-of-job'}`,
    text: `SELECT count(*)::int AS count FROM (SELECT FROM build_info ${where} LIMIT $1) AS build`,
    values: jobName === null ? [most] : [most, jobName],
  })
  const count = rows[0]?.count ?? 0
  if (count === most) longLists.set(list, most, true, version)
  return count
}
