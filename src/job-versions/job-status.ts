import type pg from 'pg'
import { type Page, type PageOf, readPage } from '../database/paging.ts'
import type { BuildModel as Build } from '../generated/prisma/models.ts'
import { notFound } from '../lib/errors.ts'
import { storable } from '../lib/text.ts'
import type { SelectedJob } from './job-versions.ts'

/** A job with its selected build, and what came in after it. */
export interface JobStatus extends SelectedJob {
  newestBuild: Build | null
  /** Builds newer than the selected one; exact below MOST_NEWER. */
  newerBuilds: number
  /** When the first of them came in. */
  newerSince: Date | null
}

/** More are not counted. */
export const MOST_NEWER = 100

const BUILD_COLUMNS = {
  id: 'id',
  jobName: 'job_name',
  buildNumber: 'build_number',
  packagePath: 'package_path',
  buildUser: 'build_user',
  rawData: 'raw_data',
  createdAt: 'created_at',
  announcedBy: 'announced_by',
  hasPackage: 'has_package',
  packageCheckedAt: 'package_checked_at',
  packageChecks: 'package_checks',
  packageNextCheckAt: 'package_next_check_at',
} as const satisfies Record<keyof Build & string, string>

const BUILD_FIELDS = Object.keys(BUILD_COLUMNS)

type BuildOf = 'selected' | 'newest'

const buildColumns = (build: BuildOf) =>
  Object.entries(BUILD_COLUMNS)
    .map(([field, column]) => `${build}.${column} AS "${build}_${field}"`)
    .join(', ')

/** One index scan for the builds after the selected one, and another only where they are too many to end at the newest. */
const statusesOf = (jobs: string, order: string) => `
  WITH job AS MATERIALIZED (${jobs})
  SELECT job.id, job.job_name AS "jobName", job.selected_build_id AS "selectedBuildId",
    job.auto_sync_enabled AS "autoSyncEnabled", job.last_sync_time AS "lastSyncTime",
    job.created_at AS "createdAt", job.updated_at AS "updatedAt",
    newer.count AS "newerBuilds", newer.since AS "newerSince",
    ${buildColumns('selected')}, ${buildColumns('newest')}
  FROM job
  LEFT JOIN build_info AS selected ON selected.id = job.selected_build_id
  CROSS JOIN LATERAL (
    SELECT count(*)::int AS count, min(created_at) AS since, (array_agg(id))[count(*)] AS last FROM (
      SELECT id, created_at FROM build_info
      WHERE job_name = job.job_name
        AND (created_at, id) > (coalesce(selected.created_at, '-infinity'), coalesce(selected.id, 0))
      ORDER BY created_at, id LIMIT ${MOST_NEWER}
    ) AS build
  ) AS newer
  LEFT JOIN build_info AS newest ON newest.id = CASE WHEN newer.count < ${MOST_NEWER} THEN newer.last ELSE (
    SELECT id FROM build_info WHERE job_name = job.job_name ORDER BY created_at DESC, id DESC LIMIT 1
  ) END
  ORDER BY ${order}`

type Row = Omit<JobStatus, 'selectedBuild' | 'newestBuild'> & Record<string, unknown>

async function queryStatuses(pool: pg.Pool, query: pg.QueryConfig): Promise<JobStatus[]> {
  const { rows } = await pool.query<Row>(query)
  return rows.map(statusOf)
}

function statusOf(row: Row): JobStatus {
  const { id, jobName, selectedBuildId, autoSyncEnabled, lastSyncTime, createdAt, updatedAt } = row
  const selectedBuild = buildIn(row, 'selected')
  return {
    ...{ id, jobName, selectedBuildId, autoSyncEnabled, lastSyncTime, createdAt, updatedAt },
    ...{ newerBuilds: row.newerBuilds, newerSince: row.newerSince },
    selectedBuild,
    newestBuild: buildIn(row, 'newest') ?? selectedBuild,
  }
}

function buildIn(row: Row, build: BuildOf): Build | null {
  if (row[`${build}_id`] === null) return null
  const fields = BUILD_FIELDS.map(field => [field, row[`${build}_${field}`]])
  return Object.fromEntries(fields) as Build
}

export function listJobStatuses(pool: pg.Pool): Promise<JobStatus[]> {
  const text = statusesOf('SELECT * FROM job_version_selections', 'job.job_name')
  return queryStatuses(pool, { name: 'job-statuses', text })
}

const OF_NAMES = statusesOf('SELECT * FROM job_version_selections WHERE job_name = ANY($1)', 'job.job_name')

export async function findJobStatuses(pool: pg.Pool, names: string[]): Promise<Map<string, JobStatus>> {
  const values = [[...new Set(names)]]
  const jobs = names.length
    ? await queryStatuses(pool, { name: 'job-statuses-of', text: OF_NAMES, values })
    : []
  return new Map(jobs.map(job => [job.jobName, job]))
}

export async function getJobStatus(pool: pg.Pool, name: string): Promise<JobStatus> {
  const job = (await findJobStatuses(pool, [name])).get(name)
  if (!job) throw notFound('errors:job_not_found', { job: name })
  return job
}

const NEWEST_FIRST = 'updated_at DESC, id DESC'
const MATCHING = `job_version_selections WHERE job_name ILIKE '%' || $1 || '%'`

export function searchJobs(
  pool: pg.Pool,
  { search = '', ...page }: Page & { search?: string },
): Promise<PageOf<JobStatus>> {
  const pattern = storable(search).replace(/[\\%_]/g, '\\$&')
  return readPage(page, {
    find({ take, skip }) {
      const jobs = `SELECT * FROM ${MATCHING} ORDER BY ${NEWEST_FIRST} LIMIT $2 OFFSET $3`
      const text = statusesOf(jobs, 'job.updated_at DESC, job.id DESC')
      return queryStatuses(pool, { name: 'search-jobs', text, values: [pattern, take, skip] })
    },
    async count({ take }) {
      const text = `SELECT count(*)::int AS count FROM (SELECT FROM ${MATCHING} LIMIT $2) AS job`
      return (await pool.query<{ count: number }>(text, [pattern, take])).rows[0]?.count ?? 0
    },
  })
}

/** When auto-sync moves it next; null: it does not. */
export function nextSyncAt(
  { autoSyncEnabled, lastSyncTime }: Pick<SelectedJob, 'autoSyncEnabled' | 'lastSyncTime'>,
  intervalHours: number,
): Date | null {
  return autoSyncEnabled ? new Date(lastSyncTime.getTime() + intervalHours * 3_600_000) : null
}
