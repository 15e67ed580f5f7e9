import type { Queryable } from '../database/client.ts'
import { type Page, type PageOf, readPage } from '../database/paging.ts'
import { Prisma } from '../generated/prisma/client.ts'
import type { RunModel as Run, TestItemModel as TestItem } from '../generated/prisma/models.ts'
import type { SelectedJob } from '../job-versions/job-versions.ts'
import { storable } from '../lib/text.ts'

export type RecentRun = Pick<
  Run,
  'id' | 'testItemId' | 'status' | 'outcome' | 'summary' | 'startedAt' | 'finishedAt' | 'buildNumber'
>

export interface ItemOverview {
  item: TestItem
  job: SelectedJob | null
  runs: RecentRun[]
}

export async function listItemOverviews(
  db: Queryable,
  { search, runsEach, ...window }: Page & { search?: string; runsEach: number },
): Promise<PageOf<ItemOverview>> {
  const contains = search && { contains: storable(search), mode: 'insensitive' as const }
  const where: Prisma.TestItemWhereInput = contains
    ? { OR: [{ name: contains }, { description: contains }, { jobName: contains }] }
    : {}
  const page = await readPage(window, {
    find: part => db.testItem.findMany({ where, orderBy: { name: 'asc' }, ...part }),
    count: most => db.testItem.count({ where, ...most }),
  })
  return { ...page, data: await withLastRuns(db, page.data, runsEach) }
}

async function withLastRuns(db: Queryable, items: TestItem[], runsEach: number): Promise<ItemOverview[]> {
  const jobNames = items.flatMap(item => item.jobName ?? [])
  const [jobs, runs] = await Promise.all([
    db.jobVersion.findMany({ where: { jobName: { in: jobNames } }, include: { selectedBuild: true } }),
    listRecentRuns(
      db,
      items.map(item => item.id),
      runsEach,
    ),
  ])
  const jobByName = new Map(jobs.map(job => [job.jobName, job]))
  const runsByItem = Map.groupBy(runs, run => run.testItemId)
  return items.map(item => ({
    item,
    job: jobByName.get(item.jobName ?? '') ?? null,
    runs: runsByItem.get(item.id) ?? [],
  }))
}

export async function listRecentRuns(db: Queryable, itemIds: number[], each: number): Promise<RecentRun[]> {
  if (!itemIds.length) return []
  return db.$queryRaw<RecentRun[]>`
    SELECT run.id, run.test_item_id AS "testItemId", run.status::text AS status, run.outcome::text AS outcome,
      run.summary, run.started_at AS "startedAt", run.finished_at AS "finishedAt",
      run.build_number AS "buildNumber"
    FROM unnest(ARRAY[${Prisma.join(itemIds)}]::int[]) AS item(id),
      LATERAL (
        SELECT * FROM deploy_test_runs WHERE test_item_id = item.id ORDER BY id DESC LIMIT ${each}
      ) AS run
    ORDER BY run.id DESC`
}

export async function countRunsWithVerdict(
  db: Queryable,
  since: Date,
): Promise<{ judged: number; passed: number }> {
  const where = { finishedAt: { gte: since } }
  const [judged, passed] = await Promise.all([
    db.run.count({ where: { ...where, outcome: { in: ['passed', 'failed'] } } }),
    db.run.count({ where: { ...where, outcome: 'passed' } }),
  ])
  return { judged, passed }
}
