import { announceChange } from '../database/live.ts'
import { cancelTask } from '../external/test-server/index.ts'
import type { RunModel as Run } from '../generated/prisma/models.ts'
import { ExternalError } from '../lib/errors.ts'
import type { RunEvent } from '../runs/run-event.ts'
import { failureFrom } from './failure.ts'
import { serverHas } from './features.ts'
import type { Pipeline } from './pipeline.ts'

const GIVEN_UP = ['test-server:too_long', 'errors:run_stuck']

/** Cancels the task of a cancelled or timed-out run, best effort. `last`: an event that was not written. */
export async function stopTask(pipeline: Pipeline, runId: number, last: RunEvent | null): Promise<void> {
  const { db } = pipeline.store
  const run = await db.run.findUnique({ where: { id: runId } })
  const taskId = run?.taskId ?? (last?.type === 'submitted' ? last.taskId : null)
  if (!run || !taskId || !isGivenUp(run) || !serverHas('cancel', run)) return
  await recordResult(pipeline, run, await requestCancel(pipeline, run, taskId))
}

function isGivenUp({ status, errorKey }: Run): boolean {
  return status === 'CANCELLED' || (status === 'FAILED' && GIVEN_UP.includes(errorKey ?? ''))
}

async function requestCancel({ log, sealer }: Pipeline, run: Run, taskId: string) {
  try {
    await cancelTask(sealer.open(run.testServerUrl), taskId)
    log.info({ runId: run.id, task: taskId }, 'task cancelled on the test server')
    return { told: true, error: null }
  } catch (error) {
    if (!(error instanceof ExternalError)) throw error
    log.warn({ runId: run.id, task: taskId, err: error }, 'task not cancelled on the test server')
    return { told: false, error: failureFrom(error) }
  }
}

async function recordResult({ store: { db } }: Pipeline, run: Run, result: object): Promise<void> {
  const cancel = JSON.stringify({ cancel: { ...result, at: new Date().toISOString() } })
  await db.$executeRaw`
    UPDATE deploy_test_steps SET details = coalesce(details, '{}') || ${cancel}::jsonb
    WHERE id = (SELECT max(id) FROM deploy_test_steps WHERE run_id = ${run.id} AND name IN ('test', 'monitor'))`
  await announceChange(db, { topic: 'run', id: run.id })
}

/** Cancels the task of the lane's last run if its worker crashed before it could. */
export async function stopOrphanedTask(pipeline: Pipeline, lane: string): Promise<void> {
  const last = await pipeline.store.db.run.findFirst({
    where: { lane, startedAt: { not: null } },
    orderBy: { id: 'desc' },
    include: { steps: true },
  })
  const tried = last?.steps.some(({ details }) => details !== null && 'cancel' in Object(details))
  if (last && !tried) await stopTask(pipeline, last.id, null)
}
