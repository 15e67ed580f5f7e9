import type { Queryable, Transaction } from '../database/client.ts'
import type { Queue } from '../database/store.ts'
import type { Comparison } from '../lib/test-result.ts'
import type { RunEnd } from '../runs/record-event.ts'
import type { NotifyDetails } from '../runs/step-details.ts'
import { composeRunMail } from './compose-run-mail.ts'
import { addMail } from './outbox.ts'

export interface Notifier {
  db: Queryable
  queue: Queue
  publicUrl: string
}

export async function notifyRunEnd(
  notifier: Notifier,
  end: RunEnd,
  comparison: Comparison | null,
): Promise<(tx: Transaction) => Promise<void>> {
  const { id: runId, attempt } = end.run
  const mail = await composeRunMail(notifier, end, comparison)
  if ('skipped' in mail) return tx => skipNotify(tx, { runId, attempt }, { reason: mail.skipped })
  return async tx => {
    const details: NotifyDetails = { recipient: mail.recipient }
    await tx.step.create({
      data: { runId, attempt, name: 'notify', status: 'RUNNING', details: { ...details } },
    })
    await addMail(notifier, tx, { runId, ...mail })
  }
}

async function skipNotify(
  tx: Transaction,
  of: { runId: number; attempt: number },
  details: NotifyDetails,
): Promise<void> {
  const step = { ...of, name: 'notify', status: 'SKIPPED', endTime: new Date() } as const
  await tx.step.create({ data: { ...step, details: { ...details } } })
}
