import type { Queryable } from '../database/client.ts'
import { runStates } from '../database/states.ts'
import type { RunModel as Run } from '../generated/prisma/models.ts'
import { AppError } from '../lib/errors.ts'
import { getSettings } from '../settings/settings.ts'
import { type RunStore, recordEvent, StaleRunError } from './record-event.ts'

/** On top of the limit that a worker enforces itself. */
const GRACE_MINUTES = 10
/** Far longer than the download step's own timeouts. */
const STILL_MINUTES = 30

interface Overdue {
  run: Run
  why: AppError
}

export async function endOverdueRuns(store: RunStore): Promise<number> {
  const overdue = [...(await findQueuedTooLong(store.db)), ...(await findStuck(store.db))]
  let ended = 0
  for (const { run, why } of overdue) {
    const error = { key: why.key, params: why.params, message: why.message }
    try {
      await recordEvent(store, run, { type: 'failed', error })
      ended += 1
    } catch (error) {
      if (!(error instanceof StaleRunError)) throw error
    }
  }
  return ended
}

async function findQueuedTooLong(db: Queryable): Promise<Overdue[]> {
  const { max_queue_hours: hours } = await getSettings(db)
  const oldest = new Date(Date.now() - hours * 3_600_000)
  const runs = await db.run.findMany({
    where: {
      ...{ status: 'PENDING', createdAt: { lt: oldest } },
      OR: [{ requeuedAt: null }, { requeuedAt: { lt: oldest } }],
    },
  })
  return runs.map(run => ({ run, why: new AppError('errors:queued_too_long', { hours }) }))
}

async function findStuck(db: Queryable): Promise<Overdue[]> {
  const ids = await db.$queryRaw<{ id: number }[]>`
    SELECT run.id FROM deploy_test_runs run
    LEFT JOIN deploy_test_steps step ON step.run_id = run.id AND step.status = 'RUNNING' AND step.name = 'download'
    WHERE (run.status IN ${runStates.afterSubmit} AND run.submit_started_at <
        now() - (run.max_query_hours * interval '1 hour' + ${GRACE_MINUTES} * interval '1 minute'))
      OR (run.status IN ${runStates.beforeSubmit} AND
        greatest((step.progress->>'at')::timestamptz, run.updated_at) < now() - ${STILL_MINUTES} * interval '1 minute')`
  const runs = await db.run.findMany({ where: { id: { in: ids.map(row => row.id) } } })
  return runs.map(run => ({ run, why: new AppError('errors:run_stuck', { status: run.status }) }))
}
