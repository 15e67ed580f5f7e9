import type pg from 'pg'
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
  /** Lists that are known to be longer than what is counted. */
  longLists: PageMarks<true>
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
  let total: number | undefined
  return readPage(page, {
    async find({ take, skip }) {
      const rows = await findBuilds(reader, jobName, take, skip)
      total = rows[0]?.total
      return rows
    },
    // Only a page behind the end has no row that tells.
    count: async () => total ?? countBuilds(reader, jobName),
  })
}

export const BUILD_COLUMNS = `id, job_name AS "jobName", build_number AS "buildNumber", package_path AS "packagePath",
  build_user AS "buildUser", raw_data AS "rawData", created_at AS "createdAt", announced_by AS "announcedBy",
  has_package AS "hasPackage", package_checked_at AS "packageCheckedAt", package_checks AS "packageChecks",
  package_next_check_at AS "packageNextCheckAt"`
export const BUILD_ORDER = 'ORDER BY created_at DESC, id DESC'

/** With how many there are in all, for which a statement of its own would take as long as the list. */
async function findBuilds(reader: BuildReader, jobName: string | null, take: number, skip: number) {
  const { pool, buildMarks, longLists } = reader
  const list = jobName ?? ''
  const [markVersion, listVersion] = [buildMarks.version(), longLists.version()]
  const mark = skip === 0 ? undefined : buildMarks.get(list, skip)
  // The row before the page is read, too, where it is not known: it becomes the mark of this page.
  const lead = skip === 0 || mark ? 0 : 1
  const isCounted = !longLists.get(list, MOST_COUNTED)
  const window = { limit: take + lead, offset: mark ? 0 : skip - lead, mark }
  const rows = await queryBuilds(pool, jobName, window, isCounted)
  const [before] = rows
  if (before?.total === MOST_COUNTED) longLists.set(list, MOST_COUNTED, true, listVersion)
  if (lead && before) buildMarks.set(list, skip, before, markVersion)
  const last = rows.at(take - 2 + lead)
  if (rows.length === take + lead && last) buildMarks.set(list, skip + take - 1, last, markVersion)
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

async function countBuilds({ pool, longLists }: BuildReader, jobName: string | null): Promise<number> {
  if (longLists.get(jobName ?? '', MOST_COUNTED)) return MOST_COUNTED
  const ofJob = jobName === null ? [] : ['job_name = $1']
  const { rows } = await pool.query<{ count: number }>({
    name: `count-builds${ofJob.length ? '-of-job' : ''}`,
    text: count(ofJob),
    values: jobName === null ? [] : [jobName],
  })
  return rows[0]?.count ?? 0
}
