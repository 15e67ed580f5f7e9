import type * as z from 'zod'
import { recordChange } from '../audit/audit.ts'
import type { Queryable, Transaction } from '../database/client.ts'
import { lockRow, refusingTaken } from '../database/rows.ts'
import type { Store } from '../database/store.ts'
import type { ChannelModel as Channel } from '../generated/prisma/models.ts'
import { AppError, conflict, invalid, notFound } from '../lib/errors.ts'
import type { Actor } from '../lib/person.ts'
import { protect } from '../lib/protect.ts'
import type { Sealer } from '../lib/sealer.ts'
import { MASK } from '../lib/secrets.ts'
import { detail } from '../lib/validation.ts'
import type { ChannelEvent, changedChannel, newChannel } from './channel-fields.ts'
import { shownUrl } from './shown-address.ts'

type ChannelStore = Store & { sealer: Sealer }
type NewChannel = z.output<typeof newChannel>
type ChangedChannel = z.output<typeof changedChannel>

export const INITIAL_EVENTS: ChannelEvent[] = ['failed', 'error', 'recovered']

export function listChannels(db: Queryable): Promise<Channel[]> {
  return db.channel.findMany({ orderBy: { name: 'asc' } })
}

export async function getChannel(db: Queryable, id: number): Promise<Channel> {
  const channel = await db.channel.findUnique({ where: { id } })
  if (!channel) throw notFound('errors:channel_not_found', { id })
  return channel
}

/** Finds those that want to know of any of the events, of this test item where there is one. */
export function findChannels(
  db: Queryable,
  events: ChannelEvent[],
  testItemId: number | null,
): Promise<Channel[]> {
  const ofItem = { OR: [{ testItemIds: { isEmpty: true } }, { testItemIds: { has: testItemId ?? 0 } }] }
  return db.channel.findMany({
    where: { enabled: true, events: { hasSome: events }, ...(testItemId !== null && ofItem) },
    orderBy: { id: 'asc' },
  })
}

export async function createChannel(
  { db, sealer }: ChannelStore,
  given: NewChannel,
  actor: Actor,
): Promise<Channel> {
  const { kind, name } = given
  return refusingTaken('errors:channel_exists', { name }, () =>
    db.$transaction(async tx => {
      await refuseUnknownItems(tx, given.test_item_ids ?? [])
      const columns = columnsOf(sealer, { ...given, events: given.events ?? INITIAL_EVENTS }, null)
      const channel = await tx.channel.create({ data: { ...columns, kind, name } })
      await recordChange(tx, {
        ...{ actor, action: 'create channel', subject: name, after: shownOf(sealer, channel) },
      })
      return channel
    }),
  )
}

export async function changeChannel(
  { db, sealer }: ChannelStore,
  id: number,
  given: ChangedChannel,
  actor: Actor,
): Promise<Channel> {
  return refusingTaken('errors:channel_exists', { name: given.name ?? '' }, () =>
    db.$transaction(async tx => {
      await lockRow(tx, 'channels', id)
      const before = await getChannel(tx, id)
      if (given.kind && given.kind !== before.kind)
        throw conflict('errors:channel_kind_stays', { name: before.name, kind: before.kind })
      await refuseUnknownItems(tx, given.test_item_ids ?? [], before.testItemIds)
      const channel = await tx.channel.update({ where: { id }, data: columnsOf(sealer, given, before) })
      if (before.enabled && !channel.enabled) await giveUpWaiting(tx, channel)
      await recordChange(tx, {
        ...{ actor, action: 'change channel', subject: before.name },
        ...{ before: shownOf(sealer, before), after: shownOf(sealer, channel) },
      })
      return channel
    }),
  )
}

export async function deleteChannel(
  { db, sealer }: ChannelStore,
  id: number,
  actor: Actor,
): Promise<Channel> {
  return db.$transaction(async tx => {
    await lockRow(tx, 'channels', id)
    const channel = await getChannel(tx, id)
    await giveUpWaiting(tx, channel)
    await tx.channel.delete({ where: { id } })
    await recordChange(tx, {
      ...{ actor, action: 'delete channel', subject: channel.name, before: shownOf(sealer, channel) },
    })
    return channel
  })
}

async function giveUpWaiting(tx: Transaction, { id: channelId, name }: Channel): Promise<void> {
  const { message } = new AppError('errors:channel_not_in_use', { name })
  await tx.notification.updateMany({
    where: { channelId, status: 'waiting' },
    data: { status: 'failed', lastError: message },
  })
}

async function refuseUnknownItems(tx: Transaction, ids: number[], kept: number[] = []): Promise<void> {
  const items = await tx.testItem.findMany({ where: { id: { in: ids } }, select: { id: true } })
  const known = new Set([...kept, ...items.map(({ id }) => id)])
  const place = ids.findIndex(id => !known.has(id))
  if (place < 0) return
  const wrong = detail(`test_item_ids.${place}`, 'no_such_test_item')
  throw invalid('errors:invalid_input', { path: wrong.path, count: 0 }, [wrong])
}

function columnsOf(sealer: Sealer, given: ChangedChannel, before: Channel | null) {
  const { name, enabled, events, test_item_ids: testItemIds, language, recipients } = given
  const common = { name, enabled, events, testItemIds, language }
  // Who is removed and added again has the digest again.
  const digestLeft = recipients && before?.digestLeft.filter(address => recipients.includes(address))
  if ((before ?? given).kind === 'mail') return { ...common, recipients, digestLeft }
  // An address as it is shown is not a new one.
  const url = before && given.url === shownUrl(sealer, before) ? MASK : given.url
  const secrets = {
    ...(url !== undefined && { url }),
    ...(given.secret !== undefined && { secret: given.secret || null }),
  }
  const stored = before && { url: before.url, secret: before.secret }
  return { ...common, ...protect(sealer, secrets, { stored, secretNames: ['url'] }) }
}

function shownOf(sealer: Sealer, channel: Channel) {
  const { name, kind, enabled, events, testItemIds, language, recipients } = channel
  return {
    ...{ name, kind, enabled, events, test_item_ids: testItemIds, language, recipients },
    ...{ url: shownUrl(sealer, channel), has_secret: channel.secret !== null },
  }
}
