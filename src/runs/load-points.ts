import type { Database, Queryable } from '../database/client.ts'
import { announceChange } from '../database/live.ts'
import type { LoadPoint } from '../lib/load.ts'
import { isTerminal } from '../lib/run-status.ts'
import { findRun } from './runs.ts'

const MAX_POINTS = 20_000
const SHOWN_POINTS = 120
export const SILENT_MS = 4_000

export interface KeptPoints {
  count(): Promise<number>
  append(offset: number, points: LoadPoint[]): Promise<void>
}

export const isFull = (count: number) => count >= MAX_POINTS

/** The points of the environment with this index. */
export function openLoadPoints(db: Database, { runId, index }: { runId: number; index: number }): KeptPoints {
  const of = { runId, position: index }
  return {
    count: () => db.loadPoint.count({ where: of }),
    /** A point that another process has stored already stays. */
    async append(offset, points) {
      const data = points.map(({ users_planned, p95_ms, ...point }, at) => ({
        ...{ ...of, ...point, nth: offset + at, usersPlanned: users_planned, p95Ms: p95_ms },
      }))
      const { count } = await db.loadPoint.createMany({ data, skipDuplicates: true })
      if (count) await announceChange(db, { topic: 'run', id: runId })
    },
  }
}

/** From the `offset`th on, those of the first environment. */
export async function readLoadPoints(db: Queryable, runId: number, offset: number) {
  const over = isTerminal((await findRun(db, runId)).status)
  const rows = await db.loadPoint.findMany({
    where: { runId, position: 0, nth: { gte: offset } },
    orderBy: { nth: 'asc' },
    take: 1_000,
  })
  const points = rows.map(({ t, usersPlanned, users, rps, p95Ms, errors }): LoadPoint => {
    return { t, users_planned: usersPlanned, users, rps, p95_ms: p95Ms, errors }
  })
  return { offset, next_offset: offset + points.length, points, eof: over && points.length < 1_000 }
}

export interface LoadCourse {
  points: LoadPoint[]
  total: number
  lastAt: Date
}

/** As many points as a chart can show: of several the last users, the mean rate, the worst p95 and all errors. */
export async function readLoadCourse(db: Queryable, runId: number): Promise<LoadCourse | null> {
  const { _count, _max } = await db.loadPoint.aggregate({
    where: { runId, position: 0 },
    _count: true,
    _max: { receivedAt: true },
  })
  if (!_count || !_max.receivedAt) return null
  const step = Math.ceil(_count / SHOWN_POINTS)
  const points = await db.$queryRaw<LoadPoint[]>`
    SELECT max(t) AS t, (array_agg(users_planned ORDER BY nth DESC))[1] AS users_planned,
      (array_agg(users ORDER BY nth DESC))[1] AS users, avg(rps) AS rps, max(p95_ms) AS p95_ms, sum(errors) AS errors
    FROM load_points WHERE run_id = ${runId} AND position = 0
    GROUP BY nth / ${step}::int ORDER BY 1`
  return { points, total: _count, lastAt: _max.receivedAt }
}
