import type { Transaction } from '../database/client.ts'
import { announceChange } from '../database/live.ts'
import type { Store } from '../database/store.ts'
import type { Prisma } from '../generated/prisma/client.ts'
import type { NotificationModel as Delivery } from '../generated/prisma/models.ts'

export async function recordSent({ db }: Store, mail: Delivery): Promise<void> {
  await db.$transaction(async tx => {
    await tx.notification.update({
      where: { id: mail.id },
      data: { status: 'sent', sentAt: new Date(), attempts: { increment: 1 }, lastError: null },
    })
    await endNotifyStep(tx, mail, { status: 'COMPLETED', error: null })
  })
}

export async function recordNotSent(
  { db }: Store,
  mail: Delivery,
  reason: string,
  final: boolean,
): Promise<void> {
  await db.$transaction(async tx => {
    // Its channel may have been switched off meanwhile.
    await tx.notification.updateMany({
      where: { id: mail.id, status: 'waiting' },
      data: { status: final ? 'failed' : 'waiting', attempts: { increment: 1 }, lastError: reason },
    })
    if (final) await endNotifyStep(tx, mail, { status: 'FAILED', error: reason })
    else if (mail.runId) await announceChange(tx, { topic: 'run', id: mail.runId })
  })
}

/** The step of a run that is about this mail: only that to whoever triggered has one. */
export function notifyStepOf({ runId, channelId, event, recipient }: Delivery): Prisma.StepWhereInput | null {
  if (!runId || channelId || event) return null
  return { runId, name: 'notify', details: { path: ['recipient'], equals: recipient } }
}

async function endNotifyStep(
  tx: Transaction,
  mail: Delivery,
  end: { status: 'COMPLETED' | 'FAILED'; error: string | null },
): Promise<void> {
  if (!mail.runId) return
  const step = notifyStepOf(mail)
  if (step) await tx.step.updateMany({ where: step, data: { ...end, endTime: new Date() } })
  await announceChange(tx, { topic: 'run', id: mail.runId })
}
