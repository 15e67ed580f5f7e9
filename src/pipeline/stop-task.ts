import { announceChange } from '../database/live.ts'
import { cancelTask } from '../external/test-server/index.ts'
import type { RunModel as Run } from '../generated/prisma/models.ts'
import { ExternalError } from '../lib/errors.ts'
import type { RunEvent } from '../runs/run-event.ts'
import { failureFrom } from './failure.ts'
import { serverHas } from './features.ts'
import type { Pipeline } from './pipeline.ts'

/** Failures that leave a task behind which may still run. */
const GIVEN_UP = ['test-server:too_long', 'errors:run_stuck']

/**
 * Tells the test server to stop the task of a run that was cancelled or given up. That it could not be told changes
 * nothing about the run: it is noted in its step. `last`: what its step said and what could no longer be written.
 */
export async function stopTask(pipeline: Pipeline, runId: number, last: RunEvent | null): Promise<void> {
  const { db } = pipeline.store
  const run = await db.run.findUnique({ where: { id: runId } })
  const taskId = run?.taskId ?? (last?.type === 'submitted' ? last.taskId : null)
  if (!run || !taskId || !isGivenUp(run) || !serverHas('cancel', run)) return
  await note(pipeline, run, await tell(pipeline, run, taskId))
}

function isGivenUp({ status, errorKey }: Run): boolean {
  return status === 'CANCELLED' || (status === 'FAILED' && GIVEN_UP.includes(errorKey ?? ''))
}

async function tell({ log }: Pipeline, run: Run, taskId: string) {
  try {
    await cancelTask(run.testServerUrl, taskId)
    log.info({ runId: run.id, task: taskId }, 'the test server was told to stop the task')
    return { told: true, error: null }
  } catch (error) {
    if (!(error instanceof ExternalError)) throw error
    log.warn({ runId: run.id, task: taskId, err: error }, 'the test server did not stop the task')
    return { told: false, error: failureFrom(error) }
  }
}

/** In the step that the end of the run closed. */
async function note({ store: { db } }: Pipeline, run: Run, result: object): Promise<void> {
  const cancel = JSON.stringify({ cancel: { ...result, at: new Date().toISOString() } })
  await db.$executeRaw`
    UPDATE deploy_test_steps SET details = coalesce(details, '{}') || ${cancel}::jsonb
    WHERE id = (SELECT max(id) FROM deploy_test_steps WHERE run_id = ${run.id} AND name IN ('test', 'monitor'))`
  await announceChange(db, { topic: 'run', id: run.id })
}

/** The lane's last run, where whoever drove it died before the server was told. */
export async function stopOrphanedTask(pipeline: Pipeline, lane: string): Promise<void> {
  const last = await pipeline.store.db.run.findFirst({
    where: { lane, startedAt: { not: null } },
    orderBy: { id: 'desc' },
    include: { steps: true },
  })
  const tried = last?.steps.some(({ details }) => details !== null && 'cancel' in Object(details))
  if (last && !tried) await stopTask(pipeline, last.id, null)
}
