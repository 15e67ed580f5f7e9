import type pg from 'pg'
import type { Queryable } from '../database/client.ts'
import { type Page, type PageOf, slicePage } from '../database/paging.ts'
import { runStates } from '../database/states.ts'
import { Prisma } from '../generated/prisma/client.ts'
import type { RunModel as Run, TestItemModel as TestItem } from '../generated/prisma/models.ts'
import { findJobStatuses, type JobStatus } from '../job-versions/job-status.ts'
import { isTerminal } from '../lib/run-status.ts'
import { type CardFilter, findItems } from './find-items.ts'

export type RecentRun = Pick<
  Run,
  | 'id'
  | 'testItemId'
  | 'status'
  | 'outcome'
  | 'summary'
  | 'startedAt'
  | 'finishedAt'
  | 'buildId'
  | 'buildNumber'
>

export interface ItemOverview {
  item: TestItem
  job: JobStatus | null
  runs: RecentRun[]
  /** The last run that ended by itself. */
  verdict: RecentRun | null
  /** The run that is active, or else the next one that is queued, or one that was cancelled after the verdict. */
  current: RecentRun | null
  isPinned: boolean
}

interface Readers {
  db: Queryable
  pool: pg.Pool
}

export async function listItemOverviews(
  readers: Readers,
  { pinned, runsEach, limit, offset, ...filter }: CardFilter & Page & { pinned: number[]; runsEach: number },
): Promise<PageOf<ItemOverview>> {
  const found = slicePage(await findItems(readers.db, filter, pinned), { limit, offset })
  const data = await describeItems(readers, found.data, runsEach)
  return { ...found, data: data.map(each => ({ ...each, isPinned: pinned.includes(each.item.id) })) }
}

async function describeItems({ db, pool }: Readers, ids: number[], runsEach: number) {
  const [items, runs, verdicts] = await Promise.all([
    db.testItem.findMany({ where: { id: { in: ids } } }),
    listRecentRuns(db, ids, runsEach),
    listVerdicts(db, ids),
  ])
  const jobs = await findJobStatuses(
    pool,
    items.flatMap(item => item.jobName ?? []),
  )
  const runsByItem = Map.groupBy(runs, run => run.testItemId)
  const verdictOf = new Map(verdicts.map(run => [run.testItemId, run]))
  return items
    .sort((a, b) => ids.indexOf(a.id) - ids.indexOf(b.id))
    .map(item => {
      const ofItem = runsByItem.get(item.id) ?? []
      const own = { runs: ofItem, verdict: verdictOf.get(item.id) ?? null, current: currentOf(ofItem) }
      return { item, job: jobs.get(item.jobName ?? '') ?? null, ...own }
    })
}

export function currentOf(runs: RecentRun[]): RecentRun | null {
  const unfinished = runs.filter(run => !isTerminal(run.status))
  const cancelled = runs[0]?.status === 'CANCELLED' ? runs[0] : null
  return unfinished.find(run => run.status !== 'PENDING') ?? unfinished.at(-1) ?? cancelled
}

export function listRecentRuns(db: Queryable, itemIds: number[], each: number): Promise<RecentRun[]> {
  return listRunsOf(db, itemIds, Prisma.sql`true`, each)
}

export function listVerdicts(db: Queryable, itemIds: number[]): Promise<RecentRun[]> {
  return listRunsOf(db, itemIds, Prisma.sql`status IN ${runStates.terminal} AND status <> 'CANCELLED'`, 1)
}

async function listRunsOf(
  db: Queryable,
  itemIds: number[],
  condition: Prisma.Sql,
  each: number,
): Promise<RecentRun[]> {
  if (!itemIds.length) return []
  return db.$queryRaw<RecentRun[]>`
    SELECT run.id, run.test_item_id AS "testItemId", run.status::text AS status, run.outcome::text AS outcome,
      run.summary, run.started_at AS "startedAt", run.finished_at AS "finishedAt",
      run.build_info_id AS "buildId", run.build_number AS "buildNumber"
    FROM unnest(ARRAY[${Prisma.join(itemIds)}]::int[]) AS item(id),
      LATERAL (
        SELECT * FROM deploy_test_runs WHERE test_item_id = item.id AND ${condition} ORDER BY id DESC LIMIT ${each}
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
