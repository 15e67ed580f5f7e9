import type { Database, Queryable } from '../database/client.ts'
import type { ChannelModel as Channel, NotificationModel as Delivery } from '../generated/prisma/models.ts'

/** Longer than a request may take. Whoever has claimed a delivery for longer is gone. */
const LEASE_SECONDS = 30
/** More than a message has room for. */
const MOST_GATHERED = 100

/** Where deliveries go: webhooks by their channel, callbacks by the host of their address. */
export interface Targets {
  channelIds: number[]
  hosts: string[]
}

/** Claims the next due delivery that goes out on its own and to none of `busy`, whatever the number of processes. */
export async function claimDelivery(db: Queryable, busy: Targets): Promise<Delivery | null> {
  const [claimed] = await db.$queryRaw<{ id: number }[]>`
    UPDATE notifications SET next_try_at = now() + ${LEASE_SECONDS} * interval '1 second'
    WHERE id = (
      SELECT id FROM notifications
      WHERE status = 'waiting' AND kind <> 'mail' AND next_try_at <= now() AND (
        (kind = 'webhook' AND coalesce(channel_id, 0) <> ALL(${busy.channelIds}))
        OR (kind = 'callback' AND recipient <> ALL(${busy.hosts})))
      ORDER BY next_try_at LIMIT 1 FOR UPDATE SKIP LOCKED)
    RETURNING id`
  return claimed ? db.notification.findUnique({ where: { id: claimed.id } }) : null
}

/** Claims a chat that takes a message now and that one waits for. */
export async function claimChat(db: Queryable): Promise<Channel | null> {
  const [claimed] = await db.$queryRaw<{ id: number }[]>`
    UPDATE channels SET next_send_at = now() + ${LEASE_SECONDS} * interval '1 second'
    WHERE id = (
      SELECT id FROM channels channel
      WHERE next_send_at <= now() AND EXISTS (
        SELECT FROM notifications
        WHERE channel_id = channel.id AND status = 'waiting' AND next_try_at <= now()
          AND kind <> 'mail' AND kind NOT IN ('webhook', 'callback'))
      ORDER BY next_send_at LIMIT 1 FOR UPDATE SKIP LOCKED)
    RETURNING id`
  return claimed ? db.channel.findUnique({ where: { id: claimed.id } }) : null
}

/** The deliveries that a claimed chat's next message is made of, oldest first. */
export async function listDue(db: Database, channelId: number): Promise<Delivery[]> {
  const due = await db.$queryRaw<{ id: number }[]>`
    SELECT id FROM notifications
    WHERE channel_id = ${channelId} AND status = 'waiting' AND kind <> 'mail' AND next_try_at <= now()
    ORDER BY id LIMIT ${MOST_GATHERED}`
  return db.notification.findMany({ where: { id: { in: due.map(({ id }) => id) } }, orderBy: { id: 'asc' } })
}
