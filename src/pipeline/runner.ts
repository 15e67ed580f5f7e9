import { setTimeout as pause } from 'node:timers/promises'
import { isDatabaseUnavailable } from '../database/client.ts'
import type { RunModel as Run } from '../generated/prisma/models.ts'
import { AppError } from '../lib/errors.ts'
import { isTerminal } from '../lib/run-status.ts'
import { traceOf } from '../lib/trace.ts'
import { recordEvent, StaleRunError } from '../runs/record-event.ts'
import type { RunEvent } from '../runs/run-event.ts'
import { openTaskLog } from '../runs/run-log.ts'
import { failureFrom } from './failure.ts'
import type { Pipeline } from './pipeline.ts'
import { createProgressSaver } from './progress.ts'
import { recoverRun, releaseRun } from './recover.ts'
import type { Step } from './step.ts'
import { download } from './steps/download.ts'
import { monitor } from './steps/monitor.ts'
import { announceSubmit, submit } from './steps/test.ts'
import { stopOrphanedTask, stopTask } from './stop-task.ts'
import { watchRun } from './watch.ts'

const WRITE_AGAIN_AFTER_MS = 1_000

/** What is done for a run in each state that lies on its way. */
const STEPS: Partial<Record<Run['status'], Step>> = {
  DOWNLOADING: download,
  DOWNLOADED: announceSubmit,
  TESTING: submit,
  MONITORING: monitor,
}

/**
 * Drives the lane's next run to its end: the one that an earlier process left, else the one that waits longest.
 * Throws where it was stopped on the way; whoever is called next goes on from the state that is stored.
 */
export async function driveLane(shared: Pipeline, lane: string, stop: AbortSignal): Promise<void> {
  const left = await recoverRun(shared, lane, stop)
  if (!left) await stopOrphanedTask(shared, lane)
  const run = left ?? (await startNextRun(shared, lane))
  if (!run) return
  const log = shared.log.child({ trace: traceOf({ buildId: run.buildId, runId: run.id }) })
  const pipeline = { ...shared, log }
  log.info({ runId: run.id, status: run.status, claim: run.claim }, left ? 'run resumed' : 'run started')
  await driveRun(pipeline, run, stop)
}

async function startNextRun(pipeline: Pipeline, lane: string): Promise<Run | null> {
  for (;;) {
    const next = await pipeline.store.db.run.findFirst({
      where: { lane, status: 'PENDING' },
      orderBy: { id: 'asc' },
    })
    if (!next) return null
    try {
      return await recordEvent(pipeline.store, next, {
        type: 'started',
        worker: pipeline.store.lifeline.id,
      })
    } catch (error) {
      // Cancelled in this moment: the next one. A lane that is taken (unique violation) is for a later call.
      if (!(error instanceof StaleRunError)) throw error
    }
  }
}

async function driveRun(pipeline: Pipeline, started: Run, stop: AbortSignal): Promise<void> {
  const watch = watchRun(pipeline.store, started, stop)
  let run = started
  let last: RunEvent | null = null
  try {
    while (!isTerminal(run.status)) {
      const end = pipeline.metrics.steps.startTimer({ state: run.status })
      last = await performStep(pipeline, run, watch.signalIn(run))
      end({ event: last.type })
      run = await persist(pipeline, run, last, stop)
      pipeline.log.info(
        { runId: run.id, status: run.status, error: run.errorMessage ?? undefined },
        'run moved on',
      )
    }
  } catch (error) {
    if (!(error instanceof StaleRunError)) throw error
    pipeline.log.info({ runId: run.id }, 'run was ended or taken over by someone else')
  } finally {
    watch.end()
    if (!isTerminal(run.status)) await releaseRun(pipeline, run, stop)
  }
  await stopTask(pipeline, run.id, last)
}

/** What the step says, or the failure that it threw. Being stopped is not a failure of the run. */
async function performStep(pipeline: Pipeline, run: Run, signal: AbortSignal): Promise<RunEvent> {
  const step = STEPS[run.status]
  if (!step) throw new Error(`no step for a run that is ${run.status}`)
  const progress = createProgressSaver(pipeline, run)
  try {
    const { log, metrics, packages, store } = pipeline
    const taskLog = openTaskLog(store.db, run.id)
    const tools = { signal, log, metrics, packages, saveProgress: progress.save, taskLog }
    return await abortable(step.perform(run, tools), signal)
  } catch (error) {
    if (signal.aborted) throw signal.reason
    if (isDatabaseUnavailable(error)) throw error
    if (!(error instanceof AppError)) pipeline.log.error({ runId: run.id, err: error }, 'step broke')
    return { type: 'failed', error: failureFrom(error) }
  } finally {
    await progress.end()
  }
}

/** Returns at once on an abort, even where the step does not listen. */
function abortable<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>()
  const abort = () => reject(signal.reason)
  if (signal.aborted) abort()
  signal.addEventListener('abort', abort, { once: true })
  return Promise.race([work, promise]).finally(() => signal.removeEventListener('abort', abort))
}

/**
 * Writes an event down, however long the database is away: what it says (a task that was taken) is known to no one
 * else. What the database refuses ends the run: it would come out the same each time.
 */
async function persist(pipeline: Pipeline, run: Run, event: RunEvent, stop: AbortSignal): Promise<Run> {
  const { store, log } = pipeline
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await recordEvent(store, run, event)
    } catch (error) {
      if (isDatabaseUnavailable(error)) {
        log.warn(
          { runId: run.id, event: event.type, attempt, err: error },
          'the database is away: trying again',
        )
        await pause(WRITE_AGAIN_AFTER_MS, undefined, { signal: stop })
      } else if (error instanceof StaleRunError) {
        return await findOwnWrite(pipeline, run, error)
      } else {
        log.error({ runId: run.id, event: event.type, err: error }, 'an event could not be written')
        return recordEvent(store, run, { type: 'failed', error: failureFrom(error) })
      }
    }
  }
}

/** A commit whose confirmation was lost looks like someone else's: it is ours where the claim still is. */
async function findOwnWrite({ store }: Pipeline, run: Run, stale: StaleRunError): Promise<Run> {
  const now = await store.db.run.findUnique({ where: { id: run.id } })
  if (now?.claim === run.claim && now.status !== run.status) return now
  throw stale
}
