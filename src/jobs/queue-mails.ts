import type { Context } from '../context.ts'
import { queueWaitingMails } from '../notifications/outbox.ts'

export async function queueMails(ctx: Context): Promise<void> {
  if (ctx.mailer.configured) await queueWaitingMails(ctx)
}
