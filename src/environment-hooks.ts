import { notifyEnvironment } from './channels/notify-environment.ts'
import type { Transaction } from './database/client.ts'
import type { Queue } from './database/store.ts'
import type { EnvironmentModel as Environment } from './generated/prisma/models.ts'
import { createQuarantineHook } from './notifications/notify-quarantine.ts'

type EnvironmentHook = (tx: Transaction, environment: Environment) => Promise<void>

/** Who is notified that an environment is quarantined, or ready again; in the same transaction. */
export function createEnvironmentHooks(notifier: {
  queue: Queue
  publicUrl: string
  adminEmails: readonly string[]
}): { onQuarantine: EnvironmentHook; onReady: EnvironmentHook } {
  const mailAdmins = createQuarantineHook(notifier)
  const notifyChannels: EnvironmentHook = (tx, environment) => notifyEnvironment(notifier, tx, environment)
  return {
    async onQuarantine(tx, environment) {
      await mailAdmins(tx, environment)
      await notifyChannels(tx, environment)
    },
    onReady: notifyChannels,
  }
}
