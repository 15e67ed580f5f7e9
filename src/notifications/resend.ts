import { recordChange } from '../audit/audit.ts'
import type { Transaction } from '../database/client.ts'
import { announceChange } from '../database/live.ts'
import type { Store } from '../database/store.ts'
import type { NotificationModel as Delivery } from '../generated/prisma/models.ts'
import { conflict } from '../lib/errors.ts'
import type { Actor } from '../lib/person.ts'
import { getDelivery } from './outbox.ts'
import { notifyStepOf } from './record-delivery.ts'

export async function resendDelivery(store: Store, id: number, actor: Actor): Promise<void> {
  await store.db.$transaction(async tx => {
    const delivery = await getDelivery(tx, id)
    if (delivery.status === 'sent') throw conflict('errors:mail_already_sent', { id })
    if (delivery.kind === 'mail') await resendMail(store, tx, delivery)
    else await resendMessage(tx, delivery)
    if (delivery.runId) await announceChange(tx, { topic: 'run', id: delivery.runId })
    await recordChange(tx, { actor, action: 'resend mail', subject: delivery.subject })
  })
}

async function resendMail({ queue }: Store, tx: Transaction, mail: Delivery): Promise<void> {
  const channel = mail.channelId && (await tx.channel.findUnique({ where: { id: mail.channelId } }))
  if (channel && !channel.enabled) throw conflict('errors:channel_not_in_use', { name: channel.name })
  await tx.notification.update({ where: { id: mail.id }, data: { status: 'waiting' } })
  const step = notifyStepOf(mail)
  if (step) await tx.step.updateMany({ where: step, data: { status: 'RUNNING', endTime: null, error: null } })
  await queue.sendMailNow(tx, mail.id)
}

async function resendMessage(tx: Transaction, { id, kind, channelId, recipient }: Delivery): Promise<void> {
  const channel = channelId ? await tx.channel.findUnique({ where: { id: channelId } }) : null
  if (kind !== 'callback' && !channel?.enabled)
    throw conflict('errors:channel_not_in_use', { name: recipient })
  // All tries again, from now on.
  await tx.notification.update({
    where: { id },
    data: { status: 'waiting', attempts: 0, nextTryAt: new Date(), resentAt: new Date() },
  })
}
