import type { Context } from '../context.ts'
import { endOverdueRuns } from '../runs/overdue.ts'

export async function endOverdue(ctx: Context): Promise<void> {
  const count = await endOverdueRuns(ctx)
  if (count) ctx.log.warn({ count }, 'overdue runs ended')
}
