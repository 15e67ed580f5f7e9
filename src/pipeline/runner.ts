import type { RunModel as Run } from '../generated/prisma/models.ts'
import { isTerminal } from '../lib/run-status.ts'
import { traceOf } from '../lib/trace.ts'
import { recordEvent, StaleRunError } from '../runs/record-event.ts'
import type { RunEvent } from '../runs/run-event.ts'
import { performStep } from './perform-step.ts'
import { persistEvent } from './persist-event.ts'
import type { Pipeline } from './pipeline.ts'
import { recoverRun, releaseRun } from './recover.ts'
import { stopOrphanedTask, stopTask } from './stop-task.ts'
import { watchRun } from './watch.ts'

/**
 * Drives the lane's next run, an orphaned one first, to its end. When stopped, throws; the next call resumes.
 */
export async function driveLane(shared: Pipeline, lane: string, stop: AbortSignal): Promise<void> {
  const orphaned = await recoverRun(shared, lane, stop)
  if (!orphaned) await stopOrphanedTask(shared, lane)
  const run = orphaned ?? (await startNextRun(shared, lane))
  if (!run) return
  const log = shared.log.child({ trace: traceOf({ buildId: run.buildId, runId: run.id }) })
  const pipeline = { ...shared, log }
  log.info({ runId: run.id, status: run.status, claim: run.claim }, orphaned ? 'run resumed' : 'run started')
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
      // Cancelled meanwhile: try the next one. A unique violation (the lane is taken) is left to the queue's retry.
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
      run = await persistEvent(pipeline, run, last, stop)
      pipeline.log.info(
        { runId: run.id, status: run.status, error: run.errorMessage ?? undefined },
        'run advanced',
      )
    }
  } catch (error) {
    if (!(error instanceof StaleRunError)) throw error
    pipeline.log.info({ runId: run.id }, 'run ended or taken over elsewhere')
  } finally {
    watch.end()
    if (!isTerminal(run.status)) await releaseRun(pipeline, run, stop)
  }
  await stopTask(pipeline, run.id, last)
}
