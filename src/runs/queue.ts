import type { Queryable } from '../database/client.ts'
import type { RunModel as Run, TestItemModel as TestItem } from '../generated/prisma/models.ts'
import { isActive, UNFINISHED } from '../lib/run-status.ts'
import { type LoadedSchedule, loadSchedule } from './load-schedule.ts'
import { type Forecast, forecastQueue } from './queue-forecast.ts'
import { fits, type Wait } from './schedule.ts'

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

export type QueuedRun = Omit<Run, keyof typeof HEAVY> & { testItem: TestItem }

const HEAVY = { parameters: true, responseRawData: true, summary: true } as const

/** Much longer: twice as long, and not by seconds only. */
const OVERDUE_FACTOR = 2
const OVERDUE_SECONDS = 60

export async function listQueue(db: Queryable): Promise<QueueEntry[]> {
  const [runs, schedule] = await Promise.all([
    db.run.findMany({
      where: { status: { in: [...UNFINISHED] } },
      include: { testItem: true },
      omit: HEAVY,
      orderBy: { id: 'asc' },
    }),
    loadSchedule(db),
  ])
  const forecasts = forecastQueue(schedule)
  const byId = new Map(runs.map(run => [run.id, run]))
  const active = runs.filter(run => isActive(run.status))
  const waiting = schedule.waiting.flatMap(({ id }) => byId.get(id) ?? [])
  return [
    ...active.map(run => activeEntry(run, schedule)),
    ...waiting.map(run => waitingEntry(run, forecasts.get(run.id), schedule)),
  ]
}

function activeEntry(run: QueuedRun, { usual, places }: LoadedSchedule): QueueEntry {
  const usualSeconds = usual.get(run.testItemId) ?? null
  const elapsed = run.startedAt ? (Date.now() - run.startedAt.getTime()) / 1000 : 0
  const late = elapsed - OVERDUE_FACTOR * (usualSeconds ?? Infinity)
  return {
    run,
    ...{ position: null, waitingFor: null, wait: null },
    etaSeconds: usualSeconds === null ? null : Math.max(0, Math.round(usualSeconds - elapsed)),
    isOverdue: late > 0 && elapsed > (usualSeconds ?? 0) + OVERDUE_SECONDS,
    environments: places.filter(({ runId }) => runId === run.id).map(({ name }) => name),
  }
}

function waitingEntry(
  run: QueuedRun,
  forecast: Forecast | undefined,
  { places }: LoadedSchedule,
): QueueEntry {
  const { position = null, waitingFor = null, etaSeconds = null, wait = null } = forecast ?? {}
  const fitting = places
    .filter(place => fits({ ...run, labels: run.environmentLabels }, place))
    .map(({ name }) => name)
  return { run, position, waitingFor, etaSeconds, wait, isOverdue: false, environments: fitting }
}

export async function forecastStarts(db: Queryable): Promise<Map<number, Forecast>> {
  return forecastQueue(await loadSchedule(db))
}
