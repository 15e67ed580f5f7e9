import { setTimeout as pause } from 'node:timers/promises'
import { checkPackages } from '../builds/check-packages.ts'
import type { Context } from '../context.ts'
import { isDatabaseUnavailable } from '../database/client.ts'
import { onDemand } from '../lib/on-demand.ts'

const AT_MOST_EVERY_MS = 100
const WAKE_EVERY_MS = 30_000

/** Looks for the packages of builds as they are announced, and again for those that had none. */
export function startCheckingPackages(ctx: Context): () => Promise<void> {
  const stopped = new AbortController()
  const work = onDemand(async () => {
    try {
      const { package_download_base_url } = await ctx.settings.get()
      if (package_download_base_url) await checkPackages(ctx.db, ctx.packageWatch, stopped.signal)
    } catch (error) {
      if (!isDatabaseUnavailable(error)) ctx.log.error({ err: error }, 'packages not looked for')
    }
    await pause(AT_MOST_EVERY_MS, undefined, { signal: stopped.signal }).catch(() => {})
  })
  const unsubscribe = ctx.lifeline.onChange(change => {
    if (change === null || change.topic === 'job') work.wake()
  })
  const timer = setInterval(work.wake, WAKE_EVERY_MS)
  work.wake()
  return async () => {
    clearInterval(timer)
    unsubscribe()
    stopped.abort()
    await work.stop()
  }
}
