import type { Context } from '../context.ts'
import { removeDeadSessions } from '../sessions/sessions.ts'

export async function cleanUpSessions(ctx: Context): Promise<void> {
  const count = await removeDeadSessions(ctx.db)
  if (count) ctx.log.info({ count }, 'expired sessions removed')
}
