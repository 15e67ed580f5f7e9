import type { Transaction } from '../database/client.ts'
import type { Store } from '../database/store.ts'
import type { ChannelModel as Channel } from '../generated/prisma/models.ts'
import { isLocale, type Locale } from '../lib/i18n.ts'
import { isChat } from '../notifications/deliver-message.ts'
import type { Message } from '../notifications/message.ts'
import { addMail, addMessage } from '../notifications/outbox.ts'

export type WriteDeliveries = (tx: Transaction) => Promise<void>

export interface ToChannel {
  channelId: number
  write: WriteDeliveries
}

/** Renders the message for each channel; the returned function writes the deliveries. */
export async function prepareForChannels(
  store: Pick<Store, 'queue'>,
  channels: Channel[],
  message: Message,
): Promise<WriteDeliveries> {
  const prepared = await Promise.all(channels.map(channel => prepare(store, channel, message)))
  return tx => writeToChannels(tx, prepared)
}

/** Skips channels that were switched off or deleted after they were read. */
export async function writeToChannels(tx: Transaction, prepared: ToChannel[]): Promise<void> {
  if (!prepared.length) return
  const enabled = await lockEnabled(
    tx,
    prepared.map(({ channelId }) => channelId),
  )
  for (const { channelId, write } of prepared) if (enabled.has(channelId)) await write(tx)
}

/** Those of the channels that are switched on; they stay so until the transaction ends. */
export async function lockEnabled(tx: Transaction, ids: readonly number[]): Promise<Set<number>> {
  const enabled = await tx.$queryRaw<{ id: number }[]>`
    SELECT id FROM channels WHERE id = ANY(${ids}) AND enabled ORDER BY id FOR KEY SHARE`
  return new Set(enabled.map(({ id }) => id))
}

/** Writes the deliveries of the message, one to each channel; a list of addresses has one mail each. */
export async function sendToChannels(
  store: Pick<Store, 'queue'>,
  tx: Transaction,
  channels: Channel[],
  message: Message,
): Promise<void> {
  const write = await prepareForChannels(store, channels, message)
  await write(tx)
}

export const languageOf = ({ language }: Channel): Locale => (isLocale(language) ? language : 'en')

async function prepare(store: Pick<Store, 'queue'>, channel: Channel, message: Message): Promise<ToChannel> {
  return { channelId: channel.id, write: await prepareWrite(store, channel, message) }
}

async function prepareWrite(
  store: Pick<Store, 'queue'>,
  channel: Channel,
  message: Message,
): Promise<WriteDeliveries> {
  const { id: channelId, kind, name, recipients } = channel
  const { event, runId } = message
  const about = { channelId, event, runId }
  const locale = languageOf(channel)
  if (kind === 'mail') {
    const mail = await message.mailIn(locale, { key: 'why_channel', params: { channel: name } })
    return async tx => {
      for (const recipient of recipients) await addMail(store, tx, { ...mail, ...about, recipient })
    }
  }
  const chat = message.chatIn(locale)
  const text = [...chat.summary, ...chat.details, ...chat.links.map(({ url }) => url)].join('\n')
  const shown = { ...about, recipient: name, subject: chat.title, text }
  if (isChat(kind))
    return async tx => void (await addMessage(tx, { ...shown, kind, payload: { message: chat } }))
  return async tx => {
    const body = await message.webhookBody(tx)
    await addMessage(tx, { ...shown, kind: 'webhook', payload: { body } })
  }
}
