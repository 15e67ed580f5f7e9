import { notifyQueuedLong } from '../channels/notify-queued-long.ts'
import type { Context } from '../context.ts'

export async function notifyOfLongWaits(ctx: Context): Promise<void> {
  await notifyQueuedLong({ ...ctx, publicUrl: ctx.config.publicUrl })
}
