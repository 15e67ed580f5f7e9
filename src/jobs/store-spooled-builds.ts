import { storeSpooledBuilds } from '../builds/receive.ts'
import type { Context } from '../context.ts'
import { isDatabaseUnavailable } from '../database/client.ts'

const POLL_EVERY_MS = 1_000

/** Stores announcements that wait on this disk as soon as the database is back; what it returns stops it. */
export function startStoringSpooledBuilds(ctx: Context): () => Promise<void> {
  let stopped = false
  let timer: NodeJS.Timeout | undefined
  let storing: Promise<void> = Promise.resolve()

  async function look(): Promise<void> {
    try {
      const count = (await ctx.spool.waiting()) ? await storeSpooledBuilds(ctx.storeBuild, ctx.spool) : 0
      if (count) ctx.log.info({ count }, 'builds that waited on disk are stored')
    } catch (error) {
      if (!isDatabaseUnavailable(error))
        ctx.log.error({ err: error }, 'builds that wait on disk could not be stored')
    }
    if (!stopped) timer = setTimeout(begin, POLL_EVERY_MS)
  }

  function begin(): void {
    storing = look()
  }

  ctx.spool.removeLeftovers().catch(error => ctx.log.warn({ err: error }, 'spool leftovers not removed'))
  begin()
  return async () => {
    stopped = true
    clearTimeout(timer)
    await storing
  }
}
