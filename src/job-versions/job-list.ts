import type { Queryable } from '../database/client.ts'
import type { Page, PageOf } from '../database/store.ts'
import { storable } from '../lib/text.ts'
import type { SelectedJob } from './job-versions.ts'

/** Jobs whose name contains the text, the last changed first. */
export async function searchJobs(
  db: Queryable,
  { search, limit, offset }: Page & { search?: string },
): Promise<PageOf<SelectedJob>> {
  const where = search ? { jobName: { contains: storable(search), mode: 'insensitive' as const } } : {}
  const [data, total] = await Promise.all([
    db.jobVersion.findMany({
      where,
      include: { selectedBuild: true },
      orderBy: [{ updatedAt: 'desc' }, { id: 'desc' }],
      take: limit,
      skip: offset,
    }),
    db.jobVersion.count({ where }),
  ])
  return { data, total, limit, offset }
}
