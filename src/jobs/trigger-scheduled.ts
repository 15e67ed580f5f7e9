import type { Context } from '../context.ts'
import { triggerScheduledItems } from '../triggers/trigger-on-schedule.ts'

export async function triggerScheduled(ctx: Context): Promise<void> {
  const count = await triggerScheduledItems(ctx, ctx.log, new Date())
  if (count) ctx.log.info({ count }, 'scheduled tests triggered')
}
