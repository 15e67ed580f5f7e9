import type { Context } from '../context.ts'
import { autoSync } from '../job-versions/job-versions.ts'
import { getSettings } from '../settings/settings.ts'

export async function syncJobs(ctx: Context): Promise<void> {
  const { auto_sync_interval_hours } = await getSettings(ctx.db)
  const count = await autoSync(ctx, auto_sync_interval_hours)
  if (count) ctx.log.info({ count }, 'jobs moved to their newest builds')
}
