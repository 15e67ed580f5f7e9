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

/** How they ended there: failed attempts too, and of a joint run its part. */
export async function listLastRuns(db: Queryable, each: number): Promise<Map<number, PastRun[]>> {
  const rows = await db.$queryRaw<(PastRun & { environmentId: number })[]>`
    SELECT place.id AS "environmentId", last.run_id AS id, last.status::text AS status, last.outcome::text AS outcome
    FROM environments place, LATERAL (
      SELECT id, run_id, status, coalesce(outcome, 'unknown') AS outcome FROM run_environments
      WHERE environment_id = place.id AND ended_at IS NOT NULL
      ORDER BY id DESC LIMIT ${each}
    ) AS last
    ORDER BY last.id DESC`
  return Map.groupBy(rows, ({ environmentId }) => environmentId)
}
