import { recordChange } from '../audit/audit.ts'
import type { Queryable, Transaction } from '../database/client.ts'
import { announceChange } from '../database/live.ts'
import { lockRow } from '../database/rows.ts'
import type { EnvironmentModel as Environment } from '../generated/prisma/models.ts'
import { getSettings } from '../settings/settings.ts'
import { nextCheck } from './check-environments.ts'
import { reasonColumns } from './state.ts'

/**
 * Counts a failure before the first test. Returns the environment if that quarantines it; the only one never is, so that
 * its runs fail at once and say why.
 */
export async function countSetupFailure(
  tx: Transaction,
  id: number,
  { message }: { message: string },
): Promise<Environment | null> {
  await lockRow(tx, 'environments', id)
  const environment = await tx.environment.update({
    where: { id },
    data: { setupFailures: { increment: 1 } },
  })
  await announceChange(tx, { topic: 'environment', id })
  const { quarantine_after: most } = await getSettings(tx)
  const { name, state, setupFailures: count } = environment
  if (state !== 'ready' || count < most || (await tx.environment.count()) < 2) return null
  await recordChange(tx, {
    ...{ actor: 'crat', action: 'quarantine environment', subject: name },
    ...{ before: { state }, after: { state: 'quarantined', setup_failures: count, reason: message } },
  })
  const reason = reasonColumns('errors:environment_quarantined', { count, reason: message })
  return tx.environment.update({
    where: { id },
    data: { state: 'quarantined', ...reason, checkFailures: 0, nextCheckAt: nextCheck(0) },
  })
}

export interface SeenEnvironment {
  id: number
  protocol: number
  features: string[]
}

/** A run of the environment went well. */
export async function recordWorking(
  tx: Queryable,
  { id, protocol, features }: SeenEnvironment,
): Promise<void> {
  await tx.environment.updateMany({
    where: { id },
    data: { setupFailures: 0, lastSeenAt: new Date(), protocol, features },
  })
}
