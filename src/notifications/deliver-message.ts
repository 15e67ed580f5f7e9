import type { Transaction } from '../database/client.ts'
import type { Store } from '../database/store.ts'
import {
  CHAT_KINDS,
  CHAT_SERVICES,
  ChatError,
  type ChatKind,
  type Messenger,
  packMessages,
  type Taken,
  type Target,
} from '../external/chat/index.ts'
import type { ChannelModel as Channel, NotificationModel as Delivery } from '../generated/prisma/models.ts'
import { AppError } from '../lib/errors.ts'
import type { Log } from '../lib/log.ts'
import type { Sealer } from '../lib/sealer.ts'
import type { Metrics } from '../metrics.ts'
import { listDue } from './claim.ts'
import { deliveryIdOf } from './outbox.ts'
import type { CallbackPayload, ChatPayload, WebhookPayload } from './payload.ts'
import { recordLater, recordNextSend, recordRefused, recordTaken } from './record-message.ts'

export interface Outlet {
  store: Store
  messenger: Messenger
  sealer: Sealer
  log: Log
  metrics: Pick<Metrics, 'deliveries'>
}

export const isChat = (kind: string): kind is ChatKind => (CHAT_KINDS as readonly string[]).includes(kind)

/** Sends what waits for a claimed chat as one message, as far as it has room. */
export async function deliverToChat(outlet: Outlet, channel: Channel): Promise<void> {
  const { kind } = channel
  if (!isChat(kind)) return
  const service = CHAT_SERVICES[kind]
  const due = await listDue(outlet.store.db, channel.id)
  const payloads = due.map(({ payload }) => payload as unknown as ChatPayload)
  const messages = packMessages(
    service,
    payloads.map(({ message }) => message),
  )
  const send = async () => outlet.messenger.sendChat(kind, targetOf(outlet, channel), messages)
  await attempt(outlet, due.slice(0, messages.length), send, (tx, waitMs) =>
    recordNextSend(tx, channel.id, Math.max(waitMs, service.intervalMs)),
  )
}

/** Sends a claimed delivery that is not gathered with others. */
export async function deliverAlone(outlet: Outlet, delivery: Delivery): Promise<void> {
  const { channelId, event } = delivery
  const channel = channelId ? await outlet.store.db.channel.findUnique({ where: { id: channelId } }) : null
  const id = deliveryIdOf(delivery)
  await attempt(outlet, [delivery], async () => {
    const payload = delivery.payload as unknown as WebhookPayload | CallbackPayload
    const target = 'url' in payload ? outlet.sealer.open({ url: payload.url, secret: null }) : null
    const body = JSON.stringify({ event, delivery_id: id, ...payload.body })
    return outlet.messenger.sendWebhook(target ?? targetOf(outlet, channel), { id, body })
  })
}

export function targetOf({ sealer }: { sealer: Sealer }, channel: Channel | null): Target {
  if (!channel?.url) throw new AppError('errors:channel_not_in_use', { name: channel?.name ?? '–' })
  return sealer.open({ url: channel.url, secret: channel.secret })
}

type AfterAttempt = (tx: Transaction, waitMs: number) => Promise<void>

async function attempt(
  outlet: Outlet,
  deliveries: Delivery[],
  send: () => Promise<Taken>,
  after: AfterAttempt = async () => {},
): Promise<void> {
  const { store, metrics, log: shared } = outlet
  const log = shared.child({ deliveries: deliveries.map(({ id }) => id) })
  const failure = deliveries.length ? await failureOf(send) : null
  const givenUp = await store.db.$transaction(async tx => {
    // First, as whoever switches a channel off locks it before its deliveries.
    await after(tx, failure?.waitMs ?? 0)
    return record(tx, deliveries, failure)
  })
  if (failure) {
    metrics.deliveries.inc({ result: 'given_up' }, givenUp)
    metrics.deliveries.inc({ result: 'put_off' }, deliveries.length - givenUp)
    log.warn({ reason: failure.reason, givenUp }, 'message not sent')
  } else if (deliveries.length) {
    metrics.deliveries.inc({ result: 'sent' }, deliveries.length)
    log.info('message sent')
  }
}

interface Failure {
  reason: string
  permanent: boolean
  waitMs: number | null
}

async function failureOf(send: () => Promise<Taken>): Promise<Failure | null> {
  try {
    await send()
    return null
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    const { message: reason } = error
    if (!(error instanceof ChatError)) return { reason, permanent: true, waitMs: null }
    return { reason, permanent: error.permanent, waitMs: error.waitMs }
  }
}

/** Returns how many are given up. */
async function record(tx: Transaction, deliveries: Delivery[], failure: Failure | null): Promise<number> {
  if (failure?.waitMs != null) return recordLater(tx, deliveries, { ...failure, waitMs: failure.waitMs })
  if (failure) return recordRefused(tx, deliveries, failure)
  await recordTaken(tx, deliveries)
  return 0
}
