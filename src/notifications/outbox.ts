import { randomUUID } from 'node:crypto'
import { recordChange } from '../audit/audit.ts'
import type { Queryable, Transaction } from '../database/client.ts'
import { announceChange } from '../database/live.ts'
import { type Page, type PageOf, readPage } from '../database/paging.ts'
import type { Store } from '../database/store.ts'
import type { Notification as NotificationRow } from '../generated/prisma/client.ts'
import type { NotificationStatus } from '../generated/prisma/enums.ts'
import { conflict, notFound } from '../lib/errors.ts'
import type { Actor } from '../lib/person.ts'

export type MailEntry = Omit<NotificationRow, 'html' | 'text' | 'chart'>

/** `recipient` may be `admin`, who has no address: the sender's is used. */
export interface NewMail {
  recipient: string
  subject: string
  html: string
  text: string
  chart: Buffer | null
}

export async function addMail(
  { queue }: Pick<Store, 'queue'>,
  tx: Transaction,
  { chart, ...mail }: NewMail & { runId: number | null },
): Promise<number> {
  // Fixed here, so that a mail sent again after a crash is recognised as the same.
  const messageId = `<${randomUUID()}@crat>`
  const row = await tx.notification.create({
    data: { ...mail, chart: chart && new Uint8Array(chart), messageId },
  })
  await queue.sendMail(tx, row.id)
  return row.id
}

export async function listMails(
  db: Queryable,
  { status, runId, ...page }: Page & { status?: NotificationStatus; runId?: number },
): Promise<PageOf<MailEntry>> {
  const where = { status, runId }
  return readPage(page, {
    find: window =>
      db.notification.findMany({
        where,
        omit: { html: true, text: true, chart: true },
        orderBy: { id: 'desc' },
        ...window,
      }),
    count: most => db.notification.count({ where, ...most }),
  })
}

export async function countMails(db: Queryable): Promise<Partial<Record<NotificationStatus, number>>> {
  const counts = await db.notification.groupBy({ by: ['status'], _count: true })
  return Object.fromEntries(counts.map(row => [row.status, row._count]))
}

export async function getMail(db: Queryable, id: number): Promise<NotificationRow> {
  const mail = await db.notification.findUnique({ where: { id } })
  if (!mail) throw notFound('errors:mail_not_found', { id })
  return mail
}

export function findMailOfRun(db: Queryable, runId: number): Promise<MailEntry | null> {
  return db.notification.findFirst({
    where: { runId },
    omit: { html: true, text: true, chart: true },
    orderBy: { id: 'desc' },
  })
}

export async function resendMail(store: Store, id: number, actor: Actor): Promise<void> {
  await store.db.$transaction(async tx => {
    const mail = await getMail(tx, id)
    if (mail.status === 'sent') throw conflict('errors:mail_already_sent', { id })
    await tx.notification.update({ where: { id }, data: { status: 'waiting' } })
    if (mail.runId) {
      await tx.step.updateMany({
        where: { runId: mail.runId, name: 'notify' },
        data: { status: 'RUNNING', endTime: null, error: null },
      })
      await announceChange(tx, { topic: 'run', id: mail.runId })
    }
    await store.queue.sendMailNow(tx, id)
    await recordChange(tx, { actor, action: 'resend mail', subject: mail.subject })
  })
}

export async function queueWaitingMails({ db, queue }: Store): Promise<number> {
  const waiting = await db.notification.findMany({ where: { status: 'waiting' }, select: { id: true } })
  for (const { id } of waiting) await db.$transaction(tx => queue.sendMail(tx, id))
  return waiting.length
}

export function removeOldMails(
  db: Queryable,
  { days, most }: { days: number; most: number },
): Promise<number> {
  return db.$executeRaw`
    DELETE FROM notifications
    WHERE status <> 'waiting' AND (created_at < now() - ${days} * interval '1 day'
      OR id <= (SELECT id FROM notifications ORDER BY id DESC OFFSET ${most} LIMIT 1))`
}
