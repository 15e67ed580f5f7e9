import type { Queryable } from '../database/client.ts'
import type { RunModel as Run } from '../generated/prisma/models.ts'

export type PastRun = Pick<Run, 'id' | 'status' | 'outcome'>
export type ActiveRun = Pick<Run, 'id' | 'itemName' | 'startedAt'>

export async function listActiveRuns(db: Queryable): Promise<Map<number, ActiveRun>> {
  const held = await db.runEnvironment.findMany({
    where: { releasedAt: null, endedAt: null },
    select: { environmentId: true, run: { select: { id: true, itemName: true, startedAt: true } } },
  })
  return new Map(held.map(({ environmentId, run }) => [environmentId ?? 0, run]))
}

export async function listLastRuns(db: Queryable, each: number): Promise<Map<number, PastRun[]>> {
  const rows = await db.$queryRaw<(PastRun & { environmentId: number })[]>`
    SELECT place.id AS "environmentId", run.id, run.status::text AS status, run.outcome::text AS outcome
    FROM environments place, LATERAL (
      SELECT id, status, outcome FROM deploy_test_runs
      WHERE environment_id = place.id AND finished_at IS NOT NULL
      ORDER BY id DESC LIMIT ${each}
    ) AS run
    ORDER BY run.id DESC`
  return Map.groupBy(rows, ({ environmentId }) => environmentId)
}
