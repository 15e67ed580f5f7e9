import type { Queryable } from '../database/client.ts'
import type { Page, PageOf } from '../database/store.ts'
import type {
  BuildModel as Build,
  JobVersionModel as JobVersion,
  JobVersionChangeModel as JobVersionChange,
} from '../generated/prisma/models.ts'
import { notFound } from '../lib/errors.ts'

export type SelectedJob = JobVersion & { selectedBuild: Build | null }
export type Selection = JobVersionChange & { build: Build | null }

export function listJobVersions(db: Queryable): Promise<SelectedJob[]> {
  return db.jobVersion.findMany({ include: { selectedBuild: true }, orderBy: { jobName: 'asc' } })
}

export function findJobVersion(db: Queryable, jobName: string): Promise<SelectedJob | null> {
  return db.jobVersion.findUnique({ where: { jobName }, include: { selectedBuild: true } })
}

export async function getJobVersion(db: Queryable, jobName: string): Promise<SelectedJob> {
  const job = await findJobVersion(db, jobName)
  if (!job) throw notFound('errors:job_not_found', { job: jobName })
  return job
}

export async function listSelections(db: Queryable, jobName: string, page: Page): Promise<PageOf<Selection>> {
  await getJobVersion(db, jobName)
  const [data, total] = await Promise.all([
    db.jobVersionChange.findMany({
      where: { jobName },
      include: { build: true },
      orderBy: { id: 'desc' },
      take: page.limit,
      skip: page.offset,
    }),
    db.jobVersionChange.count({ where: { jobName } }),
  ])
  return { data, total, ...page }
}
