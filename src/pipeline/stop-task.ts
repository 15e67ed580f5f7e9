import { announceChange } from '../database/live.ts'
import { findToken } from '../environments/token.ts'
import { cancelTask } from '../external/test-server/index.ts'
import type { RunModel as Run } from '../generated/prisma/models.ts'
import { AppError } from '../lib/errors.ts'
import type { RunEvent } from '../runs/run-event.ts'
import { failureFrom } from './failure.ts'
import { serverHas } from './features.ts'
import { loadMembers } from './members.ts'
import type { Pipeline } from './pipeline.ts'

const GIVEN_UP = ['test-server:too_long', 'errors:run_stuck', 'test-server:member_failed']

export async function stopTask(pipeline: Pipeline, runId: number, last: RunEvent | null): Promise<void> {
  const { db } = pipeline.store
  const run = await db.run.findUnique({ where: { id: runId } })
  const taskId = run?.taskId ?? (last?.type === 'submitted' ? last.taskId : null)
  if (!run || !isGivenUp(run)) return
  if (run.environmentsNeeded > 1) return stopMembers(pipeline, run)
  if (!taskId || !serverHas('cancel', run)) return
  await recordResult(pipeline, run, await requestCancel(pipeline, run, taskId))
}

async function stopMembers(pipeline: Pipeline, run: Run): Promise<void> {
  const members = await loadMembers(pipeline.store.db, run)
  const running = members.filter(member => member.run.taskId && serverHas('cancel', member.run))
  const results = await Promise.all(
    running.map(member => requestCancel(pipeline, member.run, member.run.taskId ?? '')),
  )
  const [first] = [...results.filter(({ told }) => !told), ...results]
  if (first) await recordResult(pipeline, run, first)
}

function isGivenUp({ status, errorKey }: Run): boolean {
  return status === 'CANCELLED' || (status === 'FAILED' && GIVEN_UP.includes(errorKey ?? ''))
}

async function requestCancel({ store, log, sealer }: Pipeline, run: Run, taskId: string) {
  try {
    const token = sealer.open(await findToken(store.db, run.environmentId))
    await cancelTask(sealer.open(run.testServerUrl), taskId, { token })
    log.info({ runId: run.id, task: taskId }, 'task cancelled on the test server')
    return { told: true, error: null }
  } catch (error) {
    if (!(error instanceof AppError)) throw error
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
