import type { Queryable } from '../database/client.ts'
import { announceChange } from '../database/live.ts'
import type { RunModel as Run } from '../generated/prisma/models.ts'

/** Frees what an attempt of a run held, once it has ended and its worker is done with it. Safe to repeat. */
export async function releaseEnvironments(
  db: Queryable,
  { id, attempt }: Pick<Run, 'id' | 'attempt'>,
): Promise<void> {
  const held = await db.runEnvironment.updateManyAndReturn({
    where: { runId: id, attempt, releasedAt: null, endedAt: { not: null } },
    data: { releasedAt: new Date() },
    select: { environmentId: true },
  })
  for (const { environmentId } of held)
    if (environmentId) await announceChange(db, { topic: 'environment', id: environmentId })
}
