import type { Context } from '../context.ts'
import { isDatabaseUnavailable } from '../database/client.ts'
import { onDemand } from '../lib/on-demand.ts'
import { replaceWaiting } from '../triggers/replace-waiting.ts'
import { triggerAnnouncedBuilds } from '../triggers/trigger-on-build.ts'

/** As builds are announced; the timetable does what was missed. */
export function startTriggeringBuilds(ctx: Context): () => Promise<void> {
  const work = onDemand(async () => {
    try {
      await triggerAnnouncedBuilds(ctx, ctx.log)
    } catch (error) {
      if (!isDatabaseUnavailable(error)) ctx.log.error({ err: error }, 'new builds not triggered')
    }
  })
  const unsubscribe = ctx.lifeline.onChange(change => {
    if (change === null || change.topic === 'build') work.wake()
  })
  work.wake()
  return async () => {
    unsubscribe()
    await work.stop()
  }
}

export async function triggerMissedBuilds(ctx: Context): Promise<void> {
  const count = await triggerAnnouncedBuilds(ctx, ctx.log)
  if (count) ctx.log.info({ count }, 'missed builds triggered')
  await replaceWaiting(ctx)
}
