import { setTimeout as pause } from 'node:timers/promises'
import { isDatabaseUnavailable } from '../database/client.ts'
import { isAlone, isGone } from '../database/lifeline.ts'
import type { RunModel as Run } from '../generated/prisma/models.ts'
import { ACTIVE } from '../lib/run-status.ts'
import { recordEvent } from '../runs/record-event.ts'
import { failureFrom } from './failure.ts'
import { serverHas } from './features.ts'
import type { Pipeline } from './pipeline.ts'
import { submitInterrupted } from './steps/test.ts'

const RETRY_AFTER_MS = 1_000

/**
 * The active run of the lane, in our hands, as soon as the process that drove it is gone or has let go of it; null
 * where no run is active. Counting `claim` up voids what the last driver may still write.
 */
export async function recoverRun(pipeline: Pipeline, lane: string, stop: AbortSignal): Promise<Run | null> {
  const { db, lifeline } = pipeline.store
  for (;;) {
    const run = await db.run.findFirst({ where: { lane, status: { in: [...ACTIVE] } } })
    if (!run) return null
    if (await isLeft(pipeline, run, stop)) {
      const { count } = await db.run.updateMany({
        where: { id: run.id, claim: run.claim, status: run.status },
        data: { claim: { increment: 1 }, worker: lifeline.id },
      })
      const ours = { ...run, claim: run.claim + 1, worker: lifeline.id }
      if (count) return mayGoOn(ours) ? ours : endInterruptedSubmit(pipeline, ours)
    }
    await pause(RETRY_AFTER_MS, undefined, { signal: stop })
  }
}

/** Nobody drives it: its driver let go, or is dead, or was an earlier call in this very process. */
async function isLeft({ store }: Pipeline, run: Run, stop: AbortSignal): Promise<boolean> {
  if (run.worker === null || run.worker === store.lifeline.id) return true
  return isGone(store.db, run.worker, stop)
}

/** A submit that was under way may be repeated only where a key keeps it from becoming a second task. */
function mayGoOn(run: Run): boolean {
  return run.status !== 'TESTING' || serverHas('idempotency', run)
}

/** It was submitting, and no one knows whether that arrived: it must not happen twice. */
function endInterruptedSubmit({ store }: Pipeline, run: Run): Promise<Run> {
  return recordEvent(store, run, { type: 'failed', error: failureFrom(submitInterrupted(run)) })
}

/**
 * Says that we no longer drive the run, however long the database is away: as long as it does not know, nobody takes
 * the run over from a process that lives.
 */
export async function releaseRun({ store, log }: Pipeline, run: Run, stop: AbortSignal): Promise<void> {
  const ours = { id: run.id, claim: run.claim, status: { in: [...ACTIVE] } }
  for (;;) {
    try {
      await store.db.run.updateMany({ where: ours, data: { worker: null } })
      return
    } catch (error) {
      log.warn({ runId: run.id, err: error }, 'run not let go')
      if (stop.aborted || !isDatabaseUnavailable(error)) return
      await pause(RETRY_AFTER_MS)
    }
  }
}

/**
 * After a start: what processes left that died without a word. Its jobs still count as active until a heartbeat is
 * missed; handing them back now saves that wait.
 */
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
