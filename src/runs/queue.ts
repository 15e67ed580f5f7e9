import type { Queryable } from '../database/client.ts'
import { runStates } from '../database/states.ts'
import { Prisma } from '../generated/prisma/client.ts'
import type { RunModel as Run, TestItemModel as TestItem } from '../generated/prisma/models.ts'
import { ACTIVE, UNFINISHED } from '../lib/run-status.ts'

export interface QueueEntry {
  run: Run & { testItem: TestItem }
  /** 1 starts next; null for the head of the lane. */
  position: number | null
  waitingFor: number | null
  /** Seconds until its end (active) or its start (queued); null without earlier runs to estimate from. */
  etaSeconds: number | null
}

const HISTORY = 10

/** Lists active and queued runs in the order in which they run. */
export async function listQueue(db: Queryable): Promise<QueueEntry[]> {
  const runs = await db.run.findMany({
    where: { status: { in: [...UNFINISHED] } },
    include: { testItem: true },
    orderBy: { id: 'asc' },
  })
  const durations = await usualDurations(db, [...new Set(runs.map(run => run.testItemId))])
  const lanes = Map.groupBy(runs, run => run.lane)
  return [...lanes.values()].flatMap(lane => queueOfLane(inOrder(lane), durations))
}

function inOrder<T extends Pick<Run, 'status'>>(lane: T[]): T[] {
  return [...lane.filter(isActive), ...lane.filter(run => !isActive(run))]
}

function queueOfLane(runs: QueueEntry['run'][], durations: Map<number, number>): QueueEntry[] {
  let waitSeconds: number | null = 0
  return runs.map((run, index) => {
    const usual = durations.get(run.testItemId) ?? null
    const remaining: number | null =
      usual === null
        ? null
        : Math.max(0, Math.round(usual - (run.startedAt ? secondsSince(run.startedAt) : 0)))
    const etaSeconds = index === 0 && isActive(run) ? remaining : waitSeconds
    waitSeconds = waitSeconds === null || remaining === null ? null : waitSeconds + remaining
    return {
      run,
      position: index === 0 ? null : index,
      waitingFor: index === 0 ? null : (runs[index - 1]?.id ?? null),
      etaSeconds,
    }
  })
}

function isActive(run: Pick<Run, 'status'>): boolean {
  return (ACTIVE as readonly string[]).includes(run.status)
}

function secondsSince(time: Date): number {
  return (Date.now() - time.getTime()) / 1000
}

/** Maps the ids of queued runs to their queue positions. */
export async function queuePositions(db: Queryable): Promise<Map<number, number>> {
  const runs = await db.run.findMany({
    where: { status: { in: [...UNFINISHED] } },
    select: { id: true, status: true, lane: true },
    orderBy: { id: 'asc' },
  })
  const lanes = Map.groupBy(runs, run => run.lane)
  return new Map(
    [...lanes.values()].flatMap(lane =>
      inOrder(lane)
        .slice(1)
        .map((run, index) => [run.id, index + 1]),
    ),
  )
}

async function usualDurations(db: Queryable, itemIds: number[]): Promise<Map<number, number>> {
  if (!itemIds.length) return new Map()
  const rows = await db.$queryRaw<{ test_item_id: number; seconds: number }[]>`
    SELECT item.id AS test_item_id, avg(last.seconds)::float AS seconds
    FROM unnest(ARRAY[${Prisma.join(itemIds)}]::int[]) AS item(id),
      LATERAL (
        SELECT extract(epoch FROM finished_at - started_at) AS seconds
        FROM deploy_test_runs
        WHERE test_item_id = item.id AND status IN ${runStates.succeeded}
        ORDER BY id DESC LIMIT ${HISTORY}
      ) AS last
    GROUP BY item.id`
  return new Map(rows.map(row => [row.test_item_id, row.seconds]))
}
