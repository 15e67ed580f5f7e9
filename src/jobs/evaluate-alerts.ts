import { evaluateMissingRuns } from '../alerts/evaluate-alerts.ts'
import type { Context } from '../context.ts'

export async function evaluateAlerts(ctx: Context): Promise<void> {
  await evaluateMissingRuns({ ...ctx, publicUrl: ctx.config.publicUrl }, new Date())
}
