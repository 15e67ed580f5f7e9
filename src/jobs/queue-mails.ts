import type { Context } from '../context.ts'
import { queueWaitingMails } from '../notifications/outbox.ts'

/** Queues mails that lost their job: resent just as their last job ended. */
export async function queueMails(ctx: Context): Promise<void> {
  if (ctx.mailer.configured) await queueWaitingMails(ctx)
}
