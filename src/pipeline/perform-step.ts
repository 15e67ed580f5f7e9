import { isDatabaseUnavailable } from '../database/client.ts'
import { findToken } from '../environments/token.ts'
import type { RunModel as Run } from '../generated/prisma/models.ts'
import { AppError } from '../lib/errors.ts'
import type { Sealer } from '../lib/sealer.ts'
import { openLoadPoints } from '../runs/load-points.ts'
import type { RunEvent } from '../runs/run-event.ts'
import { openTaskLog, type TaskLog } from '../runs/run-log.ts'
import { failureFrom } from './failure.ts'
import { loadMembers } from './members.ts'
import type { Pipeline } from './pipeline.ts'
import { createProgressSaver } from './progress.ts'
import { type Redact, redactEvent, redactedLog, redactorOf } from './redact.ts'
import type { Member, Step, StepTools } from './step.ts'
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
    const sealed = await loadServers(pipeline, run)
    redact = redactorOf(pipeline.sealer, [run.parameters, sealed])
    const servers = openServers(pipeline.sealer, sealed)
    const tools = toolsFor(pipeline, run.id, servers, { signal, redact, saveProgress: progress.save })
    const event = await abortable(step.perform({ ...run, ...servers.addresses }, tools), signal)
    return redactEvent(event, redact)
  } catch (error) {
    if (signal.aborted) throw signal.reason
    if (isDatabaseUnavailable(error)) throw error
    if (!(error instanceof AppError))
      pipeline.log.error({ runId: run.id, err: error }, 'step failed unexpectedly')
    return redactEvent({ type: 'failed', error: failureFrom(error) }, redact)
  } finally {
    await progress.end()
  }
}

interface Servers {
  addresses: Pick<Run, 'packageBaseUrl' | 'testServerUrl'>
  token: string | null
  members: Member[]
}

/** Sealed, as they are stored. */
async function loadServers({ store: { db } }: Pipeline, run: Run): Promise<Servers> {
  const { packageBaseUrl, testServerUrl } = run
  return {
    addresses: { packageBaseUrl, testServerUrl },
    token: await findToken(db, run.environmentId),
    members: run.environmentsNeeded > 1 ? await loadMembers(db, run) : [],
  }
}

function openServers(sealer: Sealer, { addresses, token, members }: Servers): Servers {
  const openMember = (member: Member): Member => {
    const testServerUrl = sealer.open(member.run.testServerUrl)
    return { ...member, token: sealer.open(member.token), run: { ...member.run, testServerUrl } }
  }
  return { addresses: sealer.open(addresses), token: sealer.open(token), members: members.map(openMember) }
}

/** What leads to where it is stored, logged or shown goes through `redact`. */
function toolsFor(
  pipeline: Pipeline,
  runId: number,
  { addresses, token, members }: Servers,
  { signal, redact, saveProgress }: Pick<StepTools, 'signal' | 'saveProgress'> & { redact: Redact },
): StepTools {
  const { metrics, packages, scripts, sealer, store } = pipeline
  const trusted = [...Object.values(addresses), ...members.map(member => member.run.testServerUrl)]
  return {
    ...{ signal, metrics, packages, scripts, sealer, token },
    members: members.map(member => ({ ...member, taskLog: redactedTaskLog(member.taskLog, redact) })),
    egress: pipeline.egress.trusting(trusted),
    log: redactedLog(pipeline.log, redact),
    saveProgress: progress => saveProgress(redact(progress)),
    taskLog: redactedTaskLog(openTaskLog(store.db, { runId, index: 0 }), redact),
    loadPoints: openLoadPoints(store.db, { runId, index: 0 }),
  }
}

function redactedTaskLog(taskLog: TaskLog, redact: Redact): TaskLog {
  return { ...taskLog, append: (position, part) => taskLog.append(position, redact(part)) }
}

/** Rejects at once on an abort, even if the step ignores it. */
function abortable<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>()
  const abort = () => reject(signal.reason)
  if (signal.aborted) abort()
  signal.addEventListener('abort', abort, { once: true })
  return Promise.race([work, promise]).finally(() => signal.removeEventListener('abort', abort))
}
