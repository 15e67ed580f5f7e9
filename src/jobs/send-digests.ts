import type { Context } from '../context.ts'
import { sendDigests } from '../digests/send-digests.ts'

export async function sendWeeklyDigests(ctx: Context): Promise<void> {
  const { publicUrl, allowedEmailDomains } = ctx.config
  if (await sendDigests({ ...ctx, publicUrl, allowedEmailDomains }, new Date()))
    ctx.log.info('weekly digests written')
}
