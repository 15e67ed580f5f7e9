import { setTimeout as pause } from 'node:timers/promises'
import type { Context } from '../context.ts'
import { recoverOrphanedMails } from '../pipeline/recover.ts'
import { startCheckingPackages } from './check-packages.ts'
import { queueWaitingMails } from './queue-mails.ts'
import { startTimetable } from './timetable.ts'
import { startTriggeringBuilds } from './trigger-builds.ts'
import { pipelineOf, startWorker } from './worker.ts'

/** Also what a submit without an answer may take while it is stopped. */
const RELEASE_WITHIN_MS = 7_000

/** Recovers what earlier processes left, then works; `started` stops it. */
export async function startWork(ctx: Context, started: AsyncDisposableStack): Promise<void> {
  const release = new AbortController()
  await queueWaitingMails(ctx)
  await recoverOrphanedMails(pipelineOf(ctx))
  const released = await startWorker(ctx, release.signal)
  started.defer(() => Promise.race([released(), pause(RELEASE_WITHIN_MS, undefined, { ref: false })]))
  started.defer(() => release.abort(new Error('this process stops: the run is released')))
  started.defer(startTriggeringBuilds(ctx))
  started.defer(startCheckingPackages(ctx))
  const stopTimetable = startTimetable(ctx)
  started.defer(stopTimetable)
}
