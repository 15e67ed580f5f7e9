import type { Queryable } from '../database/client.ts'
import type { Prisma } from '../generated/prisma/client.ts'
import type { RunModel as Run, TestItemModel as TestItem } from '../generated/prisma/models.ts'
import { ACTIVE, isActive } from '../lib/run-status.ts'
import { type LoadedSchedule, loadSchedule } from './load-schedule.ts'
import { type Forecast, forecastQueue } from './queue-forecast.ts'
import { explainStandstill, type Wait } from './schedule.ts'
import { isOverdue } from './usual-duration.ts'

export interface Queue {
  active: QueueEntry[]
  /** The first ones, in the order in which they start. */
  waiting: QueueEntry[]
  waitingTotal: number
  /** Of all that wait, those that do not start at once. */
  queued: number
  standstill: ReturnType<typeof explainStandstill>
}

export interface QueueEntry {
  run: QueuedRun
  position: number | null
  waitingFor: number | null
  /** Seconds until its end (active) or its start (queued); null without earlier runs to estimate from. */
  etaSeconds: number | null
  wait: Wait | null
  isOverdue: boolean
  environments: string[]
}

const COLUMNS = {
  ...{ id: true, testItemId: true, itemName: true, buildNumber: true, triggeredBy: true, trigger: true },
  ...{ status: true, outcome: true, environmentLabels: true, createdAt: true, startedAt: true },
} satisfies Prisma.RunSelect

export type QueuedRun = Pick<Run, keyof typeof COLUMNS> & { testItem: TestItem }

/** Of those that wait only the first `most`, where a page shows no more. */
export async function readQueue(db: Queryable, { most }: { most?: number } = {}): Promise<Queue> {
  const schedule = await loadSchedule(db)
  const forecasts = forecastQueue(schedule)
  const ids = schedule.waiting.slice(0, most).map(({ id }) => id)
  const runs = await findQueued(db, ids)
  const byId = new Map(runs.map(run => [run.id, run]))
  const waiting = ids.flatMap(id => byId.get(id) ?? []).filter(({ status }) => status === 'PENDING')
  return {
    active: runs.filter(({ status }) => isActive(status)).map(run => activeEntry(run, schedule)),
    waiting: waiting.map(run => waitingEntry(run, forecasts.get(run.id))),
    waitingTotal: schedule.waiting.length,
    queued: [...forecasts.values()].filter(({ position }) => position !== null).length,
    standstill: explainStandstill(schedule),
  }
}

/** The active runs, and these. Many are of the same test item: each item is read once. */
async function findQueued(db: Queryable, ids: number[]): Promise<QueuedRun[]> {
  const runs = await db.run.findMany({
    where: { OR: [{ status: { in: [...ACTIVE] } }, { id: { in: ids } }] },
    select: COLUMNS,
    orderBy: { id: 'asc' },
  })
  const itemIds = [...new Set(runs.map(({ testItemId }) => testItemId))]
  const items = await db.testItem.findMany({ where: { id: { in: itemIds } } })
  const byId = new Map(items.map(item => [item.id, item]))
  return runs.flatMap(run => {
    const testItem = byId.get(run.testItemId)
    return testItem ? [{ ...run, testItem }] : []
  })
}

function activeEntry(run: QueuedRun, { usual, places }: LoadedSchedule): QueueEntry {
  const usualSeconds = usual.get(run.testItemId) ?? null
  const elapsed = run.startedAt ? (Date.now() - run.startedAt.getTime()) / 1000 : 0
  const usualMs = usualSeconds === null ? null : usualSeconds * 1000
  return {
    run,
    ...{ position: null, waitingFor: null, wait: null },
    etaSeconds: usualSeconds === null ? null : Math.max(0, Math.round(usualSeconds - elapsed)),
    isOverdue: isOverdue(elapsed * 1000, usualMs),
    environments: places.filter(({ runId }) => runId === run.id).map(({ name }) => name),
  }
}

function waitingEntry(run: QueuedRun, forecast: Forecast | undefined): QueueEntry {
  const {
    position = null,
    waitingFor = null,
    etaSeconds = null,
    wait = null,
    environments = [],
  } = forecast ?? {}
  return { run, position, waitingFor, etaSeconds, wait, isOverdue: false, environments }
}

export async function forecastStarts(db: Queryable): Promise<Map<number, Forecast>> {
  return forecastQueue(await loadSchedule(db))
}
