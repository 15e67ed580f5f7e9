import type { Transaction } from '../database/client.ts'
import type { Store } from '../database/store.ts'
import type { ChatMessage } from '../external/chat/index.ts'
import type { Locale } from '../lib/i18n.ts'
import { addMail, addMessage, type NewMail } from './outbox.ts'

/** Why somebody gets a mail: a text of mail.json. */
export interface Why {
  key: string
  params: Record<string, string>
  /** Shown below it, for a mail that its reader can end. */
  unsubscribeUrl?: string
}

export type MailContent = Omit<NewMail, 'recipient'>

/** A notification, whoever gets it and whichever way. */
export interface Message {
  /** Such as `run.finished`: what a webhook calls it. */
  event: string
  runId: number | null
  mailIn(locale: Locale, why: Why): Promise<MailContent>
  chatIn(locale: Locale): ChatMessage
  /** What a webhook says, but for `event` and `delivery_id`. */
  webhookBody(tx: Transaction): Promise<Record<string, unknown>>
}

/** Writes mails with the message, one for each recipient. */
export async function mailMessage(
  store: Pick<Store, 'queue'>,
  tx: Transaction,
  message: Message,
  { recipients, locale, why }: { recipients: readonly string[]; locale: Locale; why: Why },
): Promise<void> {
  const { event, runId } = message
  const mail = recipients.length ? await message.mailIn(locale, why) : null
  for (const recipient of recipients) if (mail) await addMail(store, tx, { ...mail, recipient, event, runId })
}

/** Writes a delivery that posts the message, as a webhook gets it, to an address that is no channel's. */
export async function callBack(tx: Transaction, message: Message, url: string): Promise<void> {
  const { event, runId } = message
  const { title, summary } = message.chatIn('en')
  const payload = { url, body: await message.webhookBody(tx) }
  const shown = { recipient: new URL(url).host, subject: title, text: summary.join('\n') }
  await addMessage(tx, { ...shown, kind: 'callback', payload, event, runId })
}
