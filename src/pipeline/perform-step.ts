import { isDatabaseUnavailable } from '../database/client.ts'
import { findToken } from '../environments/token.ts'
import type { RunModel as Run } from '../generated/prisma/models.ts'
import { AppError } from '../lib/errors.ts'
import type { Sealer } from '../lib/sealer.ts'
import type { RunEvent } from '../runs/run-event.ts'
import { openTaskLog } from '../runs/run-log.ts'
import { failureFrom } from './failure.ts'
import { loadMembers } from './members.ts'
import type { Pipeline } from './pipeline.ts'
import { createProgressSaver } from './progress.ts'
import { type Redact, redactedLog, redactorOf } from './redact.ts'
import type { Step, StepTools } from './step.ts'
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
  let redact: Redact = value => value
  try {
    redact = redactorOf(pipeline.sealer, run)
    const opened = openAddresses(pipeline.sealer, run)
    const members = run.environmentsNeeded > 1 ? await loadMembers(pipeline.store.db, run) : []
    const tools = toolsFor(pipeline, opened, { signal, redact, saveProgress: progress.save })
    const all = {
      ...tools,
      token: await findToken(pipeline.store.db, run.environmentId),
      members: members.map(member => ({ ...member, run: openAddresses(pipeline.sealer, member.run) })),
    }
    return redact(await abortable(step.perform(opened, all), signal))
  } catch (error) {
    if (signal.aborted) throw signal.reason
    if (isDatabaseUnavailable(error)) throw error
    if (!(error instanceof AppError))
      pipeline.log.error({ runId: run.id, err: error }, 'step failed unexpectedly')
    return redact({ type: 'failed', error: failureFrom(error) })
  } finally {
    await progress.end()
  }
}

function openAddresses(sealer: Sealer, run: Run): Run {
  const { packageBaseUrl, testServerUrl } = run
  return { ...run, ...sealer.open({ packageBaseUrl, testServerUrl }) }
}

/** What leads to where it is stored, logged or shown goes through `redact`. */
function toolsFor(
  pipeline: Pipeline,
  run: Run,
  { signal, redact, saveProgress }: Pick<StepTools, 'signal' | 'saveProgress'> & { redact: Redact },
): Omit<StepTools, 'token' | 'members'> {
  const { metrics, packages, sealer, store } = pipeline
  const taskLog = openTaskLog(store.db, run.id)
  return {
    ...{ signal, metrics, packages, sealer },
    egress: pipeline.egress.trusting([run.packageBaseUrl, run.testServerUrl]),
    log: redactedLog(pipeline.log, redact),
    saveProgress: progress => saveProgress(redact(progress)),
    taskLog: { ...taskLog, append: (position, part) => taskLog.append(position, redact(part)) },
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
