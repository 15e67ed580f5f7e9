import * as z from 'zod'
import { DeliveryKind, NotificationStatus } from '../generated/prisma/enums.ts'
import { endpoint } from '../http/endpoint.ts'
import { filter, idParam, idParams, pageQuery } from '../http/input.ts'
import { message, page, presentPage, time } from '../http/shapes.ts'
import { type DeliveryEntry, listDeliveries } from './outbox.ts'
import { resendDelivery } from './resend.ts'

const deliveryShape = z
  .object({
    id: z.int(),
    run_id: z.int().nullable(),
    channel_id: z.int().nullable().describe('null: to a person, or to a channel that was deleted'),
    kind: z.enum(DeliveryKind),
    event: z.string().nullable(),
    subject: z.string(),
    recipient: z.string(),
    status: z.enum(NotificationStatus),
    attempts: z.int(),
    last_error: z.string().nullable(),
    next_try_at: time.nullable(),
    created_at: time,
    sent_at: time.nullable(),
  })
  .meta({ id: 'Delivery' })

const presentIn = (nextTries: Map<number, Date>) => (delivery: DeliveryEntry) => ({
  id: delivery.id,
  run_id: delivery.runId,
  channel_id: delivery.channelId,
  kind: delivery.kind,
  event: delivery.event,
  subject: delivery.subject,
  recipient: delivery.recipient,
  status: delivery.status,
  attempts: delivery.attempts,
  last_error: delivery.lastError,
  next_try_at: delivery.status === 'waiting' ? (nextTries.get(delivery.id) ?? delivery.nextTryAt) : null,
  created_at: delivery.createdAt,
  sent_at: delivery.sentAt,
})

const deliveriesQuery = pageQuery.extend({
  run_id: filter(idParam),
  status: filter(z.enum(NotificationStatus)),
})

export const list = endpoint({
  summary: 'List the deliveries of the outbox, newest first',
  query: deliveriesQuery,
  answers: { 200: page(deliveryShape) },
  async handle(ctx, { query: { run_id: runId, ...rest } }) {
    const deliveries = await listDeliveries(ctx, { ...rest, runId })
    const mails = deliveries.data.filter(({ kind, status }) => kind === 'mail' && status === 'waiting')
    const ids = mails.map(({ id }) => id)
    return presentPage(deliveries, presentIn(await ctx.queue.nextTries(ctx.db, ids)))
  },
})

export const resend = endpoint({
  summary: 'Send a delivery again that waits or was given up',
  params: idParams,
  answers: { 202: message },
  async handle(ctx, { params, person, res }) {
    await resendDelivery(ctx, params.id, person)
    res.status(202)
    return { message: 'The delivery is sent again' }
  },
})
