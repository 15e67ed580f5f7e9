import type { Queue } from '../database/store.ts'
import type { QuarantineHook } from '../runs/record-in-environments.ts'
import { getSettings } from '../settings/settings.ts'
import { renderQuarantineMail } from './mail/notices.ts'
import { addMail } from './outbox.ts'

export function createQuarantineHook(notifier: {
  queue: Queue
  publicUrl: string
  adminEmails: readonly string[]
}): QuarantineHook {
  // `admin` has no address: the sender's is used.
  const recipients = notifier.adminEmails.length ? notifier.adminEmails : ['admin']
  return async (tx, { id, name, stateReason }) => {
    const { project_name: project } = await getSettings(tx)
    const url = `${notifier.publicUrl}/environments/${id}`
    const mail = renderQuarantineMail('en', { project, name, reason: stateReason ?? '', url })
    for (const recipient of recipients)
      await addMail(notifier, tx, { runId: null, recipient, ...mail, chart: null })
  }
}
