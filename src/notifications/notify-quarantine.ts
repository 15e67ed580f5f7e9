import type { Queue } from '../database/store.ts'
import { type Locale, toParams, translate } from '../lib/i18n.ts'
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
  return async (tx, { id, name, stateReason, stateReasonKey: key, stateReasonParams: params }) => {
    const { project_name: project } = await getSettings(tx)
    const url = `${notifier.publicUrl}/environments/${id}`
    const reasonIn = (locale: Locale) =>
      key ? translate(locale, key, toParams(params)) : (stateReason ?? '')
    const mail = renderQuarantineMail({ project, name, url, reasonIn })
    for (const recipient of recipients)
      await addMail(notifier, tx, { runId: null, recipient, ...mail, chart: null })
  }
}
