import type { Context } from '../context.ts'
import { queueWaitingMails } from '../notifications/outbox.ts'

/** A mail that waits without a job was asked for again in the moment in which its last job ended. */
export async function queueMails(ctx: Context): Promise<void> {
  if (ctx.mailer.configured) await queueWaitingMails(ctx)
}
