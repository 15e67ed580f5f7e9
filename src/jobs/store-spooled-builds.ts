import { storeSpooledBuilds } from '../builds/receive.ts'
import type { Context } from '../context.ts'
import { isDatabaseUnavailable } from '../database/client.ts'

const POLL_EVERY_MS = 1_000

export function startStoringSpooledBuilds(ctx: Context): () => Promise<void> {
  let stopped = false
  let timer: NodeJS.Timeout | undefined
  let storing: Promise<void> = Promise.resolve()

  async function poll(): Promise<void> {
    try {
      const count = (await ctx.spool.waiting()) ? await storeSpooledBuilds(ctx.storeBuild, ctx.spool) : 0
      if (count) ctx.log.info({ count }, 'spooled builds stored')
    } catch (error) {
      if (!isDatabaseUnavailable(error)) ctx.log.error({ err: error }, 'spooled builds not stored')
    }
    if (!stopped) timer = setTimeout(begin, POLL_EVERY_MS)
  }

  function begin(): void {
    storing = poll()
  }

  ctx.spool.removeLeftovers().catch(error => ctx.log.warn({ err: error }, 'spool leftovers not removed'))
  begin()
  return async () => {
    stopped = true
    clearTimeout(timer)
    await storing
  }
}
