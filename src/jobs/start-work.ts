import type { Context } from '../context.ts'
import { queueWaitingMails } from '../notifications/outbox.ts'
import { recoverOrphanedRuns } from '../pipeline/recover.ts'
import { startTimetable } from './timetable.ts'
import { pipelineOf, startWorker } from './worker.ts'

/** Takes up what earlier processes left, and then what comes. `started` stops it. */
export async function startWork(ctx: Context, started: AsyncDisposableStack): Promise<void> {
  const handOver = new AbortController()
  started.defer(() => handOver.abort(new Error('this process stops: the run is handed over')))
  await queueWaitingMails(ctx)
  await recoverOrphanedRuns(pipelineOf(ctx))
  await startWorker(ctx, handOver.signal)
  const stopTimetable = startTimetable(ctx)
  started.defer(stopTimetable)
}
