import { randomUUID } from 'node:crypto'
import { recordChange } from '../audit/audit.ts'
import type { Database } from '../database/client.ts'
import { CHAT_SERVICES, ChatError, type Messenger, type Taken } from '../external/chat/index.ts'
import type { Mailer } from '../external/smtp/index.ts'
import type { ChannelModel as Channel } from '../generated/prisma/models.ts'
import { AppError } from '../lib/errors.ts'
import type { Locale } from '../lib/i18n.ts'
import type { Actor } from '../lib/person.ts'
import type { Sealer } from '../lib/sealer.ts'
import { isChat, targetOf } from '../notifications/deliver-message.ts'
import { translator } from '../notifications/mail/render.ts'
import type { Message } from '../notifications/message.ts'
import { noticeMessage } from '../notifications/notice-message.ts'
import { SEND_MS, smtpErrorOf } from '../notifications/test-mail.ts'
import { getSettings } from '../settings/settings.ts'
import { getChannel } from './channels.ts'
import { languageOf } from './send-to-channels.ts'

export interface ExampleSender {
  db: Database
  messenger: Messenger
  mailer: Mailer
  sealer: Sealer
  publicUrl: string
}

export interface SentExample {
  delivered: boolean
  /** Of an HTTP answer. */
  status: number | null
  /** The server's words. */
  answer: string
}

/** Sends an example now, and reports what the server says. */
export async function sendExample(
  sender: ExampleSender,
  id: number,
  actor: Actor,
  locale: Locale,
): Promise<SentExample> {
  const channel = await getChannel(sender.db, id)
  const { project_name: project } = await getSettings(sender.db)
  const message = exampleMessage(channel, project, sender.publicUrl)
  const sent =
    channel.kind === 'mail'
      ? await mailExample(sender, channel, message, locale)
      : await postExample(sender, channel, message, locale)
  const after = { delivered: sent.delivered, status: sent.status }
  await recordChange(sender.db, { actor, action: 'send example', subject: channel.name, after })
  return sent
}

function exampleMessage({ name }: Channel, project: string, publicUrl: string): Message {
  return noticeMessage({
    ...{ event: 'channel.test', project, url: publicUrl, tone: 'quiet' },
    body: { run: null, changes: { new_failures: [], fixed: [], still_failing: 0 } },
    wordsIn(locale) {
      const t = translator(locale)
      const about = { project, channel: name }
      return {
        subject: t('example.subject', about),
        headline: t('example.headline', about),
        text: t('example.text', about),
        action: t('test.action', about),
      }
    },
  })
}

async function postExample(
  sender: ExampleSender,
  channel: Channel,
  message: Message,
  locale: Locale,
): Promise<SentExample> {
  try {
    return { delivered: true, ...(await post(sender, channel, message)) }
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    const status = error instanceof ChatError ? error.httpStatus : null
    return { delivered: false, status, answer: error.inLocale(locale) }
  }
}

async function post(sender: ExampleSender, channel: Channel, message: Message): Promise<Taken> {
  const { kind } = channel
  const target = targetOf(sender, channel)
  if (!isChat(kind)) {
    const delivery = randomUUID()
    const body = await sender.db.$transaction(tx => message.webhookBody(tx))
    const text = JSON.stringify({ event: message.event, delivery_id: delivery, ...body })
    return sender.messenger.sendWebhook(target, { id: delivery, body: text })
  }
  await countExample(sender.db, channel.id, CHAT_SERVICES[kind].intervalMs)
  return sender.messenger.sendChat(kind, target, [message.chatIn(languageOf(channel))])
}

/** It counts among the messages that the service takes a minute. */
async function countExample(db: Database, id: number, intervalMs: number): Promise<void> {
  await db.$executeRaw`
    UPDATE channels SET next_send_at = greatest(next_send_at, now()) + ${intervalMs} * interval '1 millisecond'
    WHERE id = ${id}`
}

/** Tries each address, all of them within the time that a person waits for a page. */
async function mailExample(
  { mailer }: ExampleSender,
  channel: Channel,
  message: Message,
  locale: Locale,
): Promise<SentExample> {
  const why = { key: 'why_channel', params: { channel: channel.name } }
  const { chart, ...mail } = await message.mailIn(languageOf(channel), why)
  const signal = AbortSignal.timeout(SEND_MS)
  const answers = new Set<string>()
  const refused = new Map<string, string[]>()
  for (const to of channel.recipients)
    try {
      answers.add((await mailer.send({ ...mail, to }, signal)).response)
    } catch (error) {
      refused.getOrInsert(smtpErrorOf(error).inLocale(locale), []).push(to)
    }
  const refusals = [...refused].map(([reason, addresses]) => `${addresses.join(', ')}: ${reason}`)
  const answer = [...refusals, ...answers].join(' · ')
  return { delivered: refused.size === 0, status: null, answer }
}
