import type { Context } from '../context.ts'
import { checkQuarantined } from '../environments/check-environments.ts'

export async function checkEnvironments(ctx: Context): Promise<void> {
  const count = await checkQuarantined(ctx)
  if (count) ctx.log.info({ count }, 'environments are ready again')
}
