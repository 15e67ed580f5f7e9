import type { Context } from '../context.ts'
import { syncDueJobs } from '../job-versions/auto-sync.ts'

export async function syncJobs(ctx: Context): Promise<void> {
  const { auto_sync_interval_hours } = await ctx.settings.get()
  const count = await syncDueJobs(ctx, auto_sync_interval_hours)
  if (count) ctx.log.info({ count }, 'jobs moved to their newest builds')
}
