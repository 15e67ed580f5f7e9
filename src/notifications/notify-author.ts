import * as z from 'zod'
import type { Queryable } from '../database/client.ts'
import { isLocale, type Locale } from '../lib/i18n.ts'
import type { Comparison } from '../lib/test-result.ts'
import type { RunEnd } from '../runs/record-event.ts'
import { getSettings } from '../settings/settings.ts'
import { type Message, mailMessage } from './message.ts'
import { type Mailing, mayRead } from './notify-watchers.ts'
import { NO_MAILS, type PreparedMails } from './prepared-mails.ts'

/** Prepares the mail to whoever made the build, of new failures and where the item says so. */
export async function notifyAuthor(
  mailing: Mailing,
  { run }: RunEnd,
  comparison: Comparison | null,
  message: Message,
  mailed: readonly string[],
): Promise<PreparedMails> {
  if (!comparison || !hasNewFailures(comparison) || !run.buildId) return NO_MAILS
  const { db } = mailing
  const item = await db.testItem.findUnique({ where: { id: run.testItemId } })
  const build = item?.notifyBuildAuthor && (await db.build.findUnique({ where: { id: run.buildId } }))
  const author = build && addressOf(build.buildUser, (await getSettings(db)).build_user_domain)
  if (!author || mailed.includes(author) || !mayRead(mailing, author)) return NO_MAILS
  const to = {
    recipients: [author],
    locale: await languageOf(db, author),
    why: { key: 'why_author', params: { name: run.itemName } },
  }
  return { recipients: [author], write: tx => mailMessage(mailing, tx, message, to) }
}

const hasNewFailures = ({ previousRunId, tests }: Comparison) =>
  previousRunId !== null && tests.some(({ change }) => change === 'new_failure')

const address = z.email().max(254)

/** The address of a BUILD_USER, who is named without the domain where one is set. */
export function addressOf(buildUser: string, domain: string): string | null {
  if (buildUser === 'None') return null
  const text = (buildUser.includes('@') || !domain ? buildUser : `${buildUser}@${domain}`)
    .trim()
    .toLowerCase()
  return address.safeParse(text).success ? text : null
}

/** That of what they follow, or of their last run. */
async function languageOf(db: Queryable, email: string): Promise<Locale> {
  const [watch, run] = await Promise.all([
    db.watch.findFirst({ where: { email }, orderBy: { id: 'desc' } }),
    db.run.findFirst({ where: { triggeredBy: email }, orderBy: { id: 'desc' }, select: { locale: true } }),
  ])
  const locale = watch?.locale ?? run?.locale
  return isLocale(locale) ? locale : 'en'
}
