import type { Queryable } from '../database/client.ts'
import type { Queue } from '../database/store.ts'
import type { WatchModel as Watch } from '../generated/prisma/models.ts'
import { isAllowedAddress } from '../lib/allowed-address.ts'
import { isLocale, type Locale } from '../lib/i18n.ts'
import type { RunEnd } from '../runs/record-event.ts'
import { endRunWatches, listWatchers } from '../watches/watches.ts'
import type { MailContent, Message } from './message.ts'
import { addMail } from './outbox.ts'
import type { PreparedMails } from './prepared-mails.ts'
import type { UnsubscribeLinks } from './unsubscribe-links.ts'

export interface Mailing {
  db: Queryable
  queue: Queue
  unsubscribeLinks: UnsubscribeLinks
  allowedEmailDomains: readonly string[]
}

/** Prepares the mails to those who follow the run or its item, but for those who have one already. */
export async function notifyWatchers(
  mailing: Mailing,
  end: RunEnd,
  message: Message,
  mailed: readonly string[],
): Promise<PreparedMails> {
  const findWatchers = async (db: Queryable, known: readonly string[]) =>
    (await listWatchers(db, end.run)).filter(
      watch => hearsOf(watch, end) && !known.includes(watch.email) && mayRead(mailing, watch.email),
    )
  const mailerOf = createMailer(mailing, end, message)
  const watchers = await findWatchers(mailing.db, mailed)
  const mails = await Promise.all(watchers.map(mailerOf))
  const recipients = watchers.map(({ email }) => email)
  return {
    recipients,
    async write(tx) {
      const late = await findWatchers(tx, [...mailed, ...recipients])
      for (const mail of [...mails, ...(await Promise.all(late.map(mailerOf)))])
        await addMail(mailing, tx, mail)
      await endRunWatches(tx, end.run.id)
    },
  }
}

/** A newer build may end many that wait: followers of the item get no mail of those. */
function hearsOf({ email, runId }: Watch, { run, change: { run: patch } }: RunEnd): boolean {
  if (patch.status === 'DEPLOY_COMPLETE' || patch.cancelledBy === email) return false
  return patch.status !== 'CANCELLED' || run.startedAt !== null || runId !== null
}

export const mayRead = ({ allowedEmailDomains }: Mailing, email: string): boolean =>
  email === 'admin' || isAllowedAddress(allowedEmailDomains, email)

// A mail is rendered once for all who read it in one language; then each gets a link of their own.
const PLACE = 'https://unsubscribe.invalid/'

function createMailer({ unsubscribeLinks }: Mailing, { run }: RunEnd, message: Message) {
  const rendered = new Map<string, Promise<MailContent>>()
  const render = (locale: Locale, key: string) => {
    const why = { key, params: { name: run.itemName }, unsubscribeUrl: PLACE }
    return rendered.getOrInsertComputed(`${locale} ${key}`, () => message.mailIn(locale, why))
  }
  return async ({ id, email: recipient, locale, runId }: Watch) => {
    const mail = await render(isLocale(locale) ? locale : 'en', runId ? 'why_watch_run' : 'why_watch_item')
    const unsubscribeUrl = unsubscribeLinks.urlOf(`watch:${id}`)
    const [html, text] = [mail.html, mail.text].map(part => part.replaceAll(PLACE, unsubscribeUrl))
    const about = { event: message.event, runId: run.id, unsubscribeUrl }
    return { ...mail, ...about, recipient, html: html ?? '', text: text ?? '' }
  }
}
