import { isDatabaseAway, isUniqueViolation } from '../database/client.ts'
import type { RunModel as Run } from '../generated/prisma/models.ts'
import { AppError } from '../lib/errors.ts'
import { ACTIVE, isTerminal } from '../lib/run-status.ts'
import type { Log } from '../log.ts'
import { type RunStore, recordEvent, StaleRunError } from '../runs/record-event.ts'
import type { RunEvent } from '../runs/transition.ts'
import { failureFrom } from './failure.ts'
import { createProgressSaver } from './progress.ts'
import type { PackageRules, Step } from './step.ts'
import { download } from './steps/download.ts'
import { monitor } from './steps/monitor.ts'
import { announceSubmit, submit, submitInterrupted } from './steps/test.ts'
import { watchRun } from './watch.ts'

export interface Pipeline {
  store: RunStore
  packages: PackageRules
  log: Log
}

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
export async function driveLane(pipeline: Pipeline, lane: string, stop: AbortSignal): Promise<void> {
  const left = await takeOverRun(pipeline, lane)
  const run = left ?? (await startNextRun(pipeline, lane))
  if (!run) return
  pipeline.log.info(
    { runId: run.id, status: run.status, claim: run.claim },
    left ? 'run resumed' : 'run started',
  )
  await driveRun(pipeline, run, stop)
}

/** The active run of the lane, in our hands: counting `claim` up voids what its last driver may still write. */
async function takeOverRun(pipeline: Pipeline, lane: string): Promise<Run | null> {
  const { db } = pipeline.store
  const run = await db.run.findFirst({ where: { lane, status: { in: [...ACTIVE] } } })
  if (!run) return null
  const { count } = await db.run.updateMany({
    where: { id: run.id, claim: run.claim, status: run.status },
    data: { claim: { increment: 1 } },
  })
  if (!count) return takeOverRun(pipeline, lane)
  const ours = { ...run, claim: run.claim + 1 }
  return ours.status === 'TESTING' ? endInterruptedSubmit(pipeline, ours) : ours
}

/** It was submitting, and no one knows whether that arrived: it must not happen twice. */
async function endInterruptedSubmit(pipeline: Pipeline, run: Run): Promise<Run> {
  return recordEvent(pipeline.store, run, { type: 'failed', error: failureFrom(submitInterrupted(run)) })
}

async function startNextRun(pipeline: Pipeline, lane: string): Promise<Run | null> {
  for (;;) {
    const next = await pipeline.store.db.run.findFirst({
      where: { lane, status: 'PENDING' },
      orderBy: { id: 'asc' },
    })
    if (!next) return null
    try {
      return await recordEvent(pipeline.store, next, { type: 'started' })
    } catch (error) {
      // Cancelled in this moment: the next one. A lane that is taken (unique violation) is for a later call.
      if (!(error instanceof StaleRunError) || isUniqueViolation(error)) throw error
    }
  }
}

async function driveRun(pipeline: Pipeline, started: Run, stop: AbortSignal): Promise<void> {
  const watch = watchRun(pipeline.store.db, started, stop)
  let run = started
  try {
    while (!isTerminal(run.status)) {
      run = await writeDown(pipeline, run, await performStep(pipeline, run, watch.signal))
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
  }
}

/** What the step says, or the failure that it threw. Being stopped is not a failure of the run. */
async function performStep(pipeline: Pipeline, run: Run, signal: AbortSignal): Promise<RunEvent> {
  const step = STEPS[run.status]
  if (!step) throw new Error(`no step for a run that is ${run.status}`)
  const progress = createProgressSaver(pipeline, run)
  try {
    const tools = { signal, log: pipeline.log, packages: pipeline.packages, saveProgress: progress.save }
    return await abortable(step.perform(run, tools), signal)
  } catch (error) {
    if (signal.aborted) throw signal.reason
    if (isDatabaseAway(error)) throw error
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

/** What cannot be written (an answer that the database refuses) ends the run: it would come out the same each time. */
async function writeDown({ store, log }: Pipeline, run: Run, event: RunEvent): Promise<Run> {
  try {
    return await recordEvent(store, run, event)
  } catch (error) {
    if (error instanceof StaleRunError || isDatabaseAway(error)) throw error
    log.error({ runId: run.id, event: event.type, err: error }, 'an event could not be written')
    return recordEvent(store, run, { type: 'failed', error: failureFrom(error) })
  }
}
