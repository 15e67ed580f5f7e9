import { setTimeout as pause } from 'node:timers/promises'
import { isDatabaseUnavailable } from '../database/client.ts'
import { findGone, isAlone } from '../database/workers.ts'
import type { RunModel as Run } from '../generated/prisma/models.ts'
import { ACTIVE } from '../lib/run-status.ts'
import { recordEvent } from '../runs/record-event.ts'
import { releaseEnvironments } from '../runs/release-environments.ts'
import { failureFrom } from './failure.ts'
import { serverHas } from './features.ts'
import type { Pipeline } from './pipeline.ts'
import { submitInterrupted } from './steps/test.ts'
import { stopTask } from './stop-task.ts'

const RETRY_AFTER_MS = 1_000

type IsDriven = (runId: number) => boolean

export async function takeOrphanedRuns(
  pipeline: Pipeline,
  isDriven: IsDriven,
  stop: AbortSignal,
): Promise<Run[]> {
  const active = await pipeline.store.db.run.findMany({ where: { status: { in: [...ACTIVE] } } })
  const orphaned = await orphanedOf(pipeline, active, isDriven, stop)
  const taken = await Promise.all(orphaned.map(run => takeOver(pipeline, run)))
  return taken.filter(run => run !== null)
}

/** Nobody drives them: they were released, or this process failed to drive them, or their worker is gone. */
async function orphanedOf(
  { store }: Pipeline,
  runs: Run[],
  isDriven: IsDriven,
  stop: AbortSignal,
): Promise<Run[]> {
  const own = store.lifeline.id
  const others = runs.filter(run => !isDriven(run.id))
  const workers = others.flatMap(({ worker }) => (worker === null || worker === own ? [] : worker))
  const gone = await findGone(store.db, [...new Set(workers)], stop)
  return others.filter(
    ({ id, worker }) => !isDriven(id) && (worker === null || worker === own || gone.has(worker)),
  )
}

/** A higher `claim` invalidates what its worker still writes. */
async function takeOver(pipeline: Pipeline, run: Run): Promise<Run | null> {
  const { db, lifeline } = pipeline.store
  const { count } = await db.run.updateMany({
    where: { id: run.id, claim: run.claim, status: run.status, worker: run.worker },
    data: { claim: { increment: 1 }, worker: lifeline.id },
  })
  if (!count) return null
  const ours = { ...run, claim: run.claim + 1, worker: lifeline.id }
  return canResume(ours) ? ours : endInterruptedSubmit(pipeline, ours)
}

/** A worker frees them at once. After this it is stuck. */
const STUCK_AFTER_MS = 60_000

export async function freeOrphanedEnvironments(
  pipeline: Pipeline,
  isDriven: IsDriven,
  stop: AbortSignal,
): Promise<void> {
  const { db } = pipeline.store
  const held = await db.runEnvironment.findMany({
    where: { releasedAt: null, endedAt: { not: null } },
    include: { run: true },
    distinct: ['runId', 'attempt'],
  })
  const runs = held.map(({ run }) => run)
  const orphaned = await orphanedOf(pipeline, runs, isDriven, stop)
  const isStuck = (endedAt: Date | null) => Date.now() - (endedAt?.getTime() ?? 0) > STUCK_AFTER_MS
  for (const { run, attempt, endedAt } of held) {
    if (!orphaned.includes(run) && !isStuck(endedAt)) continue
    await stopTask(pipeline, run.id, null)
    await releaseEnvironments(db, { id: run.id, attempt })
  }
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

/** Frees what the attempt holds. Retries while the database is unavailable: until then no other run starts there. */
export async function freeEnvironments({ store, log }: Pipeline, run: Run, stop: AbortSignal): Promise<void> {
  for (;;) {
    try {
      return await releaseEnvironments(store.db, run)
    } catch (error) {
      log.warn({ runId: run.id, err: error }, 'environments not released')
      if (stop.aborted || !isDatabaseUnavailable(error)) return
      await pause(RETRY_AFTER_MS)
    }
  }
}

/** Releases the mails of crashed processes, instead of waiting for a missed heartbeat. */
export async function recoverOrphanedMails({ store: { db, lifeline, queue } }: Pipeline): Promise<void> {
  if ((await queue.hasActive(db)) && (await isAlone(db, lifeline))) await queue.releaseAll(db)
}
