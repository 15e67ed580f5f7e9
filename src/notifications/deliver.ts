import type { Store } from '../database/store.ts'
import { type Mailer, SmtpError } from '../external/smtp/index.ts'
import type { Log } from '../lib/log.ts'
import { traceOf } from '../lib/trace.ts'
import type { Metrics } from '../metrics.ts'
import { getMail, recordNotSent, recordSent } from './outbox.ts'

export interface Delivery {
  store: Store
  mailer: Mailer
  /** Where mails for `admin`, who has no address, go. */
  sender: string | null
  log: Log
  metrics: Pick<Metrics, 'deliveries'>
}

/**
 * Sends one mail of the outbox. Throws where it is to be tried again later; `lastTry` says that there is no later.
 * Without a mail server it stays in the outbox, where it can be read.
 */
export async function deliverMail(
  { store, mailer, sender, log: shared, metrics }: Delivery,
  id: number,
  lastTry: boolean,
): Promise<void> {
  const mail = await getMail(store.db, id)
  if (mail.status !== 'waiting' || !mailer.configured) return
  const run = mail.runId ? await store.db.run.findUnique({ where: { id: mail.runId } }) : null
  const log = shared.child({ trace: traceOf({ buildId: run?.buildId ?? null, runId: mail.runId }) })
  const to = mail.recipient.includes('@') ? mail.recipient : addressOf(sender ?? mail.recipient)
  try {
    await mailer.send({
      to,
      subject: mail.subject,
      html: mail.html,
      text: mail.text,
      messageId: mail.messageId,
      attachments: mail.chart
        ? [
            {
              filename: 'chart.png',
              contentType: 'image/png',
              content: Buffer.from(mail.chart),
              cid: 'chart',
            },
          ]
        : [],
    })
  } catch (error) {
    if (!(error instanceof SmtpError)) throw error
    const final = error.permanent || lastTry
    metrics.deliveries.inc({ result: final ? 'given_up' : 'put_off' })
    await recordNotSent(store, mail, error.message, final)
    log.warn({ mail: id, runId: mail.runId, err: error, final }, 'mail not sent')
    if (final) return
    throw error
  }
  await recordSent(store, mail)
  metrics.deliveries.inc({ result: 'sent' })
  log.info({ mail: id, runId: mail.runId, to }, 'mail sent')
}

/** `CRAT <crat@example.com>` is crat@example.com. */
function addressOf(sender: string): string {
  return /<([^<>]*)>\s*$/.exec(sender)?.[1]?.trim() ?? sender
}
