import { isDatabaseUnavailable } from '../database/client.ts'
import { findToken } from '../environments/token.ts'
import type { RunModel as Run } from '../generated/prisma/models.ts'
import { AppError } from '../lib/errors.ts'
import type { RunEvent } from '../runs/run-event.ts'
import { openTaskLog } from '../runs/run-log.ts'
import { failureFrom } from './failure.ts'
import { loadMembers } from './members.ts'
import type { Pipeline } from './pipeline.ts'
import { createProgressSaver } from './progress.ts'
import type { Step } from './step.ts'
import { download } from './steps/download.ts'
import { monitor } from './steps/monitor.ts'
import { announceSubmits, monitorAll, submitAll } from './steps/several.ts'
import { announceSubmit, submit } from './steps/test.ts'

const STEPS: Partial<Record<Run['status'], Step>> = {
  DOWNLOADING: download,
  DOWNLOADED: announceSubmit,
  TESTING: submit,
  MONITORING: monitor,
}

const STEPS_IN_SEVERAL: typeof STEPS = {
  DOWNLOADING: download,
  DOWNLOADED: announceSubmits,
  TESTING: submitAll,
  MONITORING: monitorAll,
}

export async function performStep(pipeline: Pipeline, run: Run, signal: AbortSignal): Promise<RunEvent> {
  const step = (run.environmentsNeeded > 1 ? STEPS_IN_SEVERAL : STEPS)[run.status]
  if (!step) throw new Error(`no step for a run that is ${run.status}`)
  const progress = createProgressSaver(pipeline, run)
  try {
    const { store, log, metrics, packages, scripts } = pipeline
    const taskLog = openTaskLog(store.db, run.id)
    const token = await findToken(store.db, run.environmentId)
    const members = run.environmentsNeeded > 1 ? await loadMembers(store.db, run) : []
    const shared = { log, metrics, packages, scripts }
    const tools = { ...shared, signal, token, members, saveProgress: progress.save, taskLog }
    return await abortable(step.perform(run, tools), signal)
  } catch (error) {
    if (signal.aborted) throw signal.reason
    if (isDatabaseUnavailable(error)) throw error
    if (!(error instanceof AppError))
      pipeline.log.error({ runId: run.id, err: error }, 'step failed unexpectedly')
    return { type: 'failed', error: failureFrom(error) }
  } finally {
    await progress.end()
  }
}

/** Rejects at once on an abort, even if the step ignores it. */
function abortable<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>()
  const abort = () => reject(signal.reason)
  if (signal.aborted) abort()
  signal.addEventListener('abort', abort, { once: true })
  return Promise.race([work, promise]).finally(() => signal.removeEventListener('abort', abort))
}
