import type { Queryable } from '../database/client.ts'
import { type Page, type PageOf, readPage } from '../database/paging.ts'
import type {
  BuildModel as Build,
  JobVersionModel as JobVersion,
  JobVersionChangeModel as JobVersionChange,
} from '../generated/prisma/models.ts'
import { notFound } from '../lib/errors.ts'

export type SelectedJob = JobVersion & { selectedBuild: Build | null }
export type Selection = JobVersionChange & { build: Build | null }

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
  return readPage(page, {
    find: window =>
      db.jobVersionChange.findMany({
        where: { jobName },
        include: { build: true },
        orderBy: { id: 'desc' },
        ...window,
      }),
    count: most => db.jobVersionChange.count({ where: { jobName }, ...most }),
  })
}
