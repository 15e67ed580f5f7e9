import { setTimeout as pause } from 'node:timers/promises'
import { isDatabaseUnavailable } from '../database/client.ts'
import { isAlone, isGone } from '../database/workers.ts'
import type { RunModel as Run } from '../generated/prisma/models.ts'
import { ACTIVE } from '../lib/run-status.ts'
import { recordEvent } from '../runs/record-event.ts'
import { failureFrom } from './failure.ts'
import { serverHas } from './features.ts'
import type { Pipeline } from './pipeline.ts'
import { submitInterrupted } from './steps/test.ts'

const RETRY_AFTER_MS = 1_000

/**
 * Takes over the lane's active run once its worker is gone. A higher `claim` invalidates what that still
 * writes.
 */
export async function recoverRun(pipeline: Pipeline, lane: string, stop: AbortSignal): Promise<Run | null> {
  const { db, lifeline } = pipeline.store
  for (;;) {
    const run = await db.run.findFirst({ where: { lane, status: { in: [...ACTIVE] } } })
    if (!run) return null
    if (await isOrphaned(pipeline, run, stop)) {
      const { count } = await db.run.updateMany({
        where: { id: run.id, claim: run.claim, status: run.status },
        data: { claim: { increment: 1 }, worker: lifeline.id },
      })
      const ours = { ...run, claim: run.claim + 1, worker: lifeline.id }
      if (count) return canResume(ours) ? ours : endInterruptedSubmit(pipeline, ours)
    }
    await pause(RETRY_AFTER_MS, undefined, { signal: stop })
  }
}

/** It was released, or driven by an earlier job of this process, or its worker is gone. */
async function isOrphaned({ store }: Pipeline, run: Run, stop: AbortSignal): Promise<boolean> {
  if (run.worker === null || run.worker === store.lifeline.id) return true
  return isGone(store.db, run.worker, stop)
}

/** An interrupted submit may be repeated only with an idempotency key. */
function canResume(run: Run): boolean {
  return run.status !== 'TESTING' || serverHas('idempotency', run)
}

/** It is unknown whether the submit arrived, and it must not happen twice. */
function endInterruptedSubmit({ store }: Pipeline, run: Run): Promise<Run> {
  return recordEvent(store, run, { type: 'failed', error: failureFrom(submitInterrupted(run)) })
}

/** Retries while the database is unavailable: until released, nobody takes the run of a live process. */
export async function releaseRun({ store, log }: Pipeline, run: Run, stop: AbortSignal): Promise<void> {
  const ours = { id: run.id, claim: run.claim, status: { in: [...ACTIVE] } }
  for (;;) {
    try {
      await store.db.run.updateMany({ where: ours, data: { worker: null } })
      return
    } catch (error) {
      log.warn({ runId: run.id, err: error }, 'run not released')
      if (stop.aborted || !isDatabaseUnavailable(error)) return
      await pause(RETRY_AFTER_MS)
    }
  }
}

/** Releases the runs and jobs of crashed processes, instead of waiting for a missed heartbeat. */
export async function recoverOrphanedRuns(pipeline: Pipeline): Promise<void> {
  const { db, lifeline, queue } = pipeline.store
  const runs = await db.run.findMany({ where: { status: { in: [...ACTIVE] }, worker: { not: null } } })
  for (const run of runs) {
    if (!(await isGone(db, run.worker ?? 0))) continue
    pipeline.log.info({ runId: run.id, worker: run.worker }, 'the process that drove this run is gone')
    await releaseRun(pipeline, run, AbortSignal.timeout(10_000))
    await queue.releaseLane(run.lane)
  }
  if ((await queue.hasActive(db)) && (await isAlone(db, lifeline))) await queue.releaseAll(db)
}
