import { setTimeout as pause } from 'node:timers/promises'
import type { RunModel as Run } from '../generated/prisma/models.ts'
import { startNextRun } from '../runs/start-run.ts'
import type { Pipeline } from './pipeline.ts'
import { freeOrphanedEnvironments, takeOrphanedRuns } from './recover.ts'

/** Changes wake it; this is for those that are missed. */
const WAKE_EVERY_MS = 1_000
const TOPICS = ['run', 'environment', 'setting']
/** Active runs announce their progress all the time. */
const AT_MOST_EVERY_MS = 100

/**
 * Drives runs until `stop`, each on its own and as many at once as there are environments: orphaned ones, and the next
 * of the queue as environments become free. Resolves when all are released.
 */
export async function dispatchRuns(pipeline: Pipeline, stop: AbortSignal): Promise<void> {
  const { store } = pipeline
  const driven = new Map<number, Promise<void>>()
  const isDriven = (id: number) => driven.has(id)
  const drive = (run: Run, resumed: boolean) => {
    const end = import('./runner.ts')
      .then(({ driveRun }) => driveRun(pipeline, { run, resumed }, stop))
      .catch(error => {
        if (!stop.aborted) pipeline.log.error({ runId: run.id, err: error }, 'the run could not be driven')
      })
      .finally(() => driven.get(run.id) === end && driven.delete(run.id))
    driven.set(run.id, end)
  }
  await Promise.all([
    repeat(pipeline, { stop, wakes: false }, async () => {
      for (const run of await takeOrphanedRuns(pipeline, isDriven, stop)) drive(run, true)
      await freeOrphanedEnvironments(pipeline, isDriven, stop)
    }),
    repeat(pipeline, { stop, wakes: true }, async () => {
      for (;;) {
        stop.throwIfAborted()
        const run = await startNextRun(store, store.lifeline.id)
        if (!run) return
        drive(run, false)
      }
    }),
  ])
  await Promise.all(driven.values())
}

/** Works every second and, if it `wakes`, on each change of a run or environment; never twice at once. */
async function repeat(
  { store, log }: Pipeline,
  { stop, wakes }: { stop: AbortSignal; wakes: boolean },
  work: () => Promise<void>,
): Promise<void> {
  let wake = new AbortController()
  const unsubscribe = store.lifeline.onChange(change => {
    if (change === null || TOPICS.includes(change.topic)) wake.abort()
  })
  while (!stop.aborted) {
    wake = new AbortController()
    await work().catch(error => {
      if (!stop.aborted) log.warn({ err: error }, 'runs not dispatched')
    })
    await sleep(AT_MOST_EVERY_MS, stop)
    await sleep(WAKE_EVERY_MS, wakes ? AbortSignal.any([stop, wake.signal]) : stop)
  }
  unsubscribe()
}

function sleep(ms: number, signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  pause(ms, undefined, { signal }).then(resolve, () => resolve())
  return promise
}
