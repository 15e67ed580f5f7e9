import type pg from 'pg'
import type { LongLists } from '../database/long-lists.ts'
import type { PageMarks } from '../database/page-marks.ts'
import { MOST_COUNTED, type Page, type PageOf, readPage } from '../database/paging.ts'
import type { SharedReads } from '../database/shared-reads.ts'
import type { BuildModel as Build } from '../generated/prisma/models.ts'

export interface BuildFilter extends Page {
  jobName?: string
}

export type BuildMark = Pick<Build, 'createdAt' | 'id'>

export interface BuildReader {
  pool: pg.Pool
  buildMarks: PageMarks<BuildMark>
  longLists: LongLists
  sharedReads: SharedReads
}

/** Whoever asks for the same page at the same moment gets the same read. */
export function listBuilds(
  reader: BuildReader,
  { jobName, limit, offset }: BuildFilter,
): Promise<PageOf<Build>> {
  return reader.sharedReads.read(`builds ${JSON.stringify([jobName, limit, offset])}`, () =>
    readBuilds(reader, jobName ?? null, { limit, offset }),
  )
}

type Counted<T> = T & { total?: number }

function readBuilds(reader: BuildReader, jobName: string | null, page: Page): Promise<PageOf<Build>> {
  const long = reader.longLists.of(`builds ${JSON.stringify(jobName)}`)
  let total: number | undefined
  return readPage(page, {
    async find({ take, skip }) {
      // A page beyond what is counted tells by itself that there are more.
      const isCounted = skip < MOST_COUNTED && !long.isKnown()
      const rows = await findBuilds(reader, jobName, { limit: take, offset: skip }, isCounted)
      total = rows[0]?.total
      return rows
    },
    // Only a page behind the end has no row that tells.
    count: async () => total ?? countBuilds(reader.pool, jobName),
    long,
  })
}

export const BUILD_COLUMNS = `id, job_name AS "jobName", build_number AS "buildNumber", package_path AS "packagePath",
  build_user AS "buildUser", raw_data AS "rawData", created_at AS "createdAt", announced_by AS "announcedBy",
  has_package AS "hasPackage", package_checked_at AS "packageCheckedAt", package_checks AS "packageChecks",
  package_next_check_at AS "packageNextCheckAt"`
export const BUILD_ORDER = 'ORDER BY created_at DESC, id DESC'

/** With how many there are in all, for which a statement of its own would take as long as the list. */
async function findBuilds(
  { pool, buildMarks }: BuildReader,
  jobName: string | null,
  { limit, offset }: Page,
  isCounted: boolean,
): Promise<Counted<Build>[]> {
  const list = jobName ?? ''
  const version = buildMarks.version()
  const mark = offset === 0 ? undefined : buildMarks.get(list, offset)
  // The row before the page is read, too, where it is not known: it becomes the mark of this page.
  const lead = offset === 0 || mark ? 0 : 1
  const window = { limit: limit + lead, offset: mark ? 0 : offset - lead, mark }
  const rows = await queryBuilds(pool, jobName, window, isCounted)
  const [before] = rows
  if (lead && before) buildMarks.set(list, offset, before, version)
  const last = rows.at(limit - 2 + lead)
  if (rows.length === limit + lead && last) buildMarks.set(list, offset + limit - 1, last, version)
  return rows.slice(lead)
}

type Window = Page & { mark: BuildMark | undefined }

/** One prepared statement for each combination of conditions: a plan that fits all of them would use no index. */
async function queryBuilds(
  pool: pg.Pool,
  jobName: string | null,
  { limit, offset, mark }: Window,
  isCounted: boolean,
): Promise<Counted<Build>[]> {
  const values: unknown[] = [limit, offset]
  const place = (value: unknown) => `$${values.push(value)}`
  const ofJob = jobName === null ? [] : [`job_name = ${place(jobName)}`]
  const after = mark ? [`(created_at, id) < (${place(mark.createdAt)}, ${place(mark.id)})`] : []
  const total = isCounted ? `, (${count(ofJob)}) AS total` : ''
  const { rows } = await pool.query<Counted<Build>>({
    name: ['list-builds', ofJob.length && 'of-job', mark && 'after', isCounted && 'counted']
      .filter(Boolean)
      .join('-'),
    text: `SELECT ${BUILD_COLUMNS}${total} FROM build_info ${where([...ofJob, ...after])} ${BUILD_ORDER}
      LIMIT $1 OFFSET $2`,
    values,
  })
  return rows
}

const count = (conditions: string[]) =>
  `SELECT count(*)::int FROM (SELECT FROM build_info ${where(conditions)} LIMIT ${MOST_COUNTED}) AS build`
const where = (conditions: string[]) => (conditions.length ? `WHERE ${conditions.join(' AND ')}` : '')

async function countBuilds(pool: pg.Pool, jobName: string | null): Promise<number> {
  const ofJob = jobName === null ? [] : ['job_name = $1']
  const { rows } = await pool.query<{ count: number }>({
    name: `count-builds${ofJob.length ? '-of-job' : ''}`,
    text: count(ofJob),
    values: jobName === null ? [] : [jobName],
  })
  return rows[0]?.count ?? 0
}
