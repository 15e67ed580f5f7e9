import type { Queue } from '../database/store.ts'
import type { QuarantineHook } from '../runs/record-in-environments.ts'
import { getSettings } from '../settings/settings.ts'
import { renderQuarantineMail } from './mail/notices.ts'
import { addMail } from './outbox.ts'

/** Creates the hook that tells the admins, once, that an environment is quarantined. */
export function createQuarantineHook(notifier: { queue: Queue; publicUrl: string }): QuarantineHook {
  return async (tx, { id, name, stateReason }) => {
    const { project_name: project } = await getSettings(tx)
    const url = `${notifier.publicUrl}/environments/${id}`
    const mail = renderQuarantineMail('en', { project, name, reason: stateReason ?? '', url })
    // Has no address of its own: the sender's is used.
    await addMail(notifier, tx, { runId: null, recipient: 'admin', ...mail, chart: null })
  }
}
