import type { Queryable, Transaction } from '../database/client.ts'
import { isLocale } from '../lib/i18n.ts'
import type { RunEnd } from '../runs/record-event.ts'
import type { NotifyDetails, NotifySkipReason } from '../runs/step-details.ts'
import { renderRunMail } from './mail/run-mail.ts'
import type { Mailing } from './notify-watchers.ts'
import { addMail } from './outbox.ts'
import type { PreparedMails } from './prepared-mails.ts'
import type { RunFacts } from './run-facts.ts'

export interface Notifier extends Mailing {
  publicUrl: string
}

/** Prepares the mail to whoever triggered the run. */
export async function notifyRunEnd(notifier: Notifier, end: RunEnd, facts: RunFacts): Promise<PreparedMails> {
  const { id: runId, attempt, triggeredBy: recipient, locale } = end.run
  const reason = await skipReason(notifier.db, end)
  if (reason) return { recipients: [], write: tx => skipNotify(tx, { runId, attempt }, { reason }) }
  const mail = { recipient, ...(await renderRunMail(facts, isLocale(locale) ? locale : 'en')) }
  return {
    recipients: [recipient],
    async write(tx) {
      const details: NotifyDetails = { recipient }
      await tx.step.create({
        data: { runId, attempt, name: 'notify', status: 'RUNNING', details: { ...details } },
      })
      await addMail(notifier, tx, { runId, ...mail })
    },
  }
}

async function skipReason(db: Queryable, { run, event, change }: RunEnd): Promise<NotifySkipReason | null> {
  if (event.type === 'uploaded' && !event.mail) return 'uploaded'
  if (change.run.status === 'DEPLOY_COMPLETE') return 'deploy_only'
  if (change.run.cancelledBy === run.triggeredBy) return 'cancelled_by_owner'
  if (run.trigger === 'build' || run.trigger === 'schedule') return 'by_itself'
  if (run.triggeredBy.startsWith('token:')) return 'by_token'
  const item = await db.testItem.findUnique({ where: { id: run.testItemId } })
  return item?.notificationEnabled ? null : 'switched_off'
}

async function skipNotify(
  tx: Transaction,
  of: { runId: number; attempt: number },
  details: NotifyDetails,
): Promise<void> {
  const step = { ...of, name: 'notify', status: 'SKIPPED', endTime: new Date() } as const
  await tx.step.create({ data: { ...step, details: { ...details } } })
}
