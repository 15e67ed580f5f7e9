import { randomUUID } from 'node:crypto'
import type { Queryable } from '../database/client.ts'
import { type Mailer, SmtpError } from '../external/smtp/index.ts'
import type { Locale } from '../lib/i18n.ts'
import { renderTestMail } from './mail/notices.ts'

interface TestMail {
  recipient: string
  locale: Locale
  project: string
  url: string
}

/** Sends a test mail at once, with the outbox knowing of it. Resolves with what the mail server answered. */
export async function sendTestMail(
  { db, mailer }: { db: Queryable; mailer: Mailer },
  { recipient, locale, project, url }: TestMail,
): Promise<string> {
  const { subject, html, text } = renderTestMail(locale, { project, url })
  const mail = { subject, html, text, messageId: `<${randomUUID()}@crat>` }
  const record = (end: { status: 'sent' | 'failed'; sentAt?: Date; lastError?: string }) =>
    db.notification.create({ data: { ...mail, recipient, attempts: 1, ...end } })
  try {
    const { response } = await mailer.send({ to: recipient, ...mail }, AbortSignal.timeout(SEND_MS))
    await record({ status: 'sent', sentAt: new Date() })
    return response
  } catch (error) {
    const known = smtpErrorOf(error)
    await record({ status: 'failed', lastError: known.message })
    throw known
  }
}

/** As long as a person waits for a page. */
export const SEND_MS = 10_000

/** Of a mail that was to be sent within SEND_MS. */
export function smtpErrorOf(error: unknown): SmtpError {
  if (error instanceof SmtpError) return error
  if ((error as Error).name !== 'TimeoutError') throw error
  return new SmtpError('smtp:slow', { seconds: SEND_MS / 1000 }, { permanent: false })
}
