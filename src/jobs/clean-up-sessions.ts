import type { Context } from '../context.ts'
import { removeExpiredSessions } from '../sessions/sessions.ts'

export async function cleanUpSessions(ctx: Context): Promise<void> {
  const count = await removeExpiredSessions(ctx)
  if (count) ctx.log.info({ count }, 'expired sessions removed')
}
