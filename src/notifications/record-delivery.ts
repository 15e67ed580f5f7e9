import type { Transaction } from '../database/client.ts'
import { announceChange } from '../database/live.ts'
import type { Store } from '../database/store.ts'
import type { Notification as NotificationRow } from '../generated/prisma/client.ts'

export async function recordSent({ db }: Store, mail: NotificationRow): Promise<void> {
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
  mail: NotificationRow,
  reason: string,
  final: boolean,
): Promise<void> {
  await db.$transaction(async tx => {
    await tx.notification.update({
      where: { id: mail.id },
      data: { status: final ? 'failed' : 'waiting', attempts: { increment: 1 }, lastError: reason },
    })
    if (final) await endNotifyStep(tx, mail, { status: 'FAILED', error: reason })
    else if (mail.runId) await announceChange(tx, { topic: 'run', id: mail.runId })
  })
}

async function endNotifyStep(
  tx: Transaction,
  mail: NotificationRow,
  end: { status: 'COMPLETED' | 'FAILED'; error: string | null },
): Promise<void> {
  if (!mail.runId) return
  await tx.step.updateMany({
    where: { runId: mail.runId, name: 'notify' },
    data: { ...end, endTime: new Date() },
  })
  await announceChange(tx, { topic: 'run', id: mail.runId })
}
