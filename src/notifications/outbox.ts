import { randomUUID } from 'node:crypto'
import type { Queryable, Transaction } from '../database/client.ts'
import {
  countRows,
  type ListReader,
  type Page,
  type PageOf,
  readPage,
  type Total,
} from '../database/paging.ts'
import type { Store } from '../database/store.ts'
import type { Notification as NotificationRow, Prisma } from '../generated/prisma/client.ts'
import type { NotificationStatus } from '../generated/prisma/enums.ts'
import { notFound } from '../lib/errors.ts'
import { storable } from '../lib/text.ts'
import type { DeliveryPayload } from './payload.ts'

/** Without what it says. */
export type DeliveryEntry = Omit<NotificationRow, 'html' | 'text' | 'chart' | 'payload'>

interface NewDelivery {
  runId: number | null
  /** Such as `run.finished`; null: none that a channel is for. */
  event?: string | null
  channelId?: number | null
}

/** `recipient` may be `admin`, who has no address: the sender's is used. */
export interface NewMail {
  recipient: string
  subject: string
  html: string
  text: string
  chart: Buffer | null
  /** For mail programs that offer to end it. */
  unsubscribeUrl?: string
}

/** `recipient` and `text` are for people who look at the outbox; `payload` is sent. */
export type NewMessage = DeliveryPayload & { recipient: string; subject: string; text: string }

// Fixed when it is written, so that a delivery repeated after a crash is recognised as the same.
const newMessageId = () => `<${randomUUID()}@crat>`

export const deliveryIdOf = ({ messageId }: Pick<NotificationRow, 'messageId'>) =>
  messageId.replace(/^<|@crat>$/g, '')

export async function addMail(
  { queue }: Pick<Store, 'queue'>,
  tx: Transaction,
  { chart, ...mail }: NewMail & NewDelivery,
): Promise<number> {
  const row = await tx.notification.create({
    data: { ...storable(mail), chart: chart && new Uint8Array(chart), messageId: newMessageId() },
  })
  await queue.sendMail(tx, row.id)
  return row.id
}

/** Adds a delivery to a chat, a webhook or a callback; a worker sends it. */
export async function addMessage(
  tx: Transaction,
  { payload, ...message }: NewMessage & NewDelivery,
): Promise<number> {
  const row = await tx.notification.create({
    data: {
      ...{ ...storable(message), html: '', messageId: newMessageId(), nextTryAt: new Date() },
      payload: storable(payload) as unknown as Prisma.InputJsonObject,
    },
  })
  return row.id
}

const withoutContent = { html: true, text: true, chart: true, payload: true } as const

export async function listDeliveries(
  { db, longLists }: ListReader,
  { status, runId, ...page }: Page & { status?: NotificationStatus; runId?: number },
): Promise<PageOf<DeliveryEntry>> {
  const where = { status, runId }
  return readPage(page, {
    find: window =>
      db.notification.findMany({ where, omit: withoutContent, orderBy: { id: 'desc' }, ...window }),
    count: most => db.notification.count({ where, ...most }),
    long: longLists.of(`deliveries ${JSON.stringify(where)}`),
  })
}

const MOST_SHOWN = 20

/** The last ones to a channel. */
export function listDeliveriesTo(db: Queryable, channelId: number): Promise<DeliveryEntry[]> {
  return db.notification.findMany({
    ...{ where: { channelId }, omit: withoutContent, orderBy: { id: 'desc' }, take: MOST_SHOWN },
  })
}

/** The last one to each channel, by the channel's id. */
export async function lastDeliveries(db: Queryable): Promise<Map<number, DeliveryEntry>> {
  const ids = await db.$queryRaw<{ id: number }[]>`
    SELECT last.id FROM channels channel CROSS JOIN LATERAL (
      SELECT id FROM notifications WHERE channel_id = channel.id ORDER BY id DESC LIMIT 1) last`
  const rows = await db.notification.findMany({
    where: { id: { in: ids.map(({ id }) => id) } },
    omit: withoutContent,
  })
  return new Map(rows.map(row => [row.channelId ?? 0, row]))
}

export function countDeliveries({ db, longLists }: ListReader, status: NotificationStatus): Promise<Total> {
  return countRows({
    count: most => db.notification.count({ where: { status }, ...most }),
    long: longLists.of(`deliveries ${JSON.stringify({ status })}`),
  })
}

export async function getDelivery(db: Queryable, id: number): Promise<NotificationRow> {
  const delivery = await db.notification.findUnique({ where: { id } })
  if (!delivery) throw notFound('errors:mail_not_found', { id })
  return delivery
}

/** Finds the mail to whoever triggered. */
export function findMailOfRun(db: Queryable, runId: number): Promise<DeliveryEntry | null> {
  return db.notification.findFirst({
    where: { runId, kind: 'mail', channelId: null, event: null },
    omit: withoutContent,
    orderBy: { id: 'desc' },
  })
}

export function removeOldDeliveries(
  db: Queryable,
  { days, most }: { days: number; most: number },
): Promise<number> {
  return db.$executeRaw`
    DELETE FROM notifications
    WHERE status <> 'waiting' AND (created_at < now() - ${days} * interval '1 day'
      OR id <= (SELECT id FROM notifications ORDER BY id DESC OFFSET ${most} LIMIT 1))`
}
