import type { Store } from '../database/store.ts'
import { type Mailer, type OutgoingMail, SmtpError } from '../external/smtp/index.ts'
import type { NotificationModel as Mail } from '../generated/prisma/models.ts'
import type { Log } from '../lib/log.ts'
import { CLIENT, failSpan, inTraceOf } from '../lib/spans.ts'
import { traceOf } from '../lib/trace.ts'
import type { Metrics } from '../metrics.ts'
import { getDelivery } from './outbox.ts'
import { recordNotSent, recordSent } from './record-delivery.ts'

export interface Delivery {
  store: Store
  mailer: Mailer
  sender: string | null
  log: Log
  metrics: Pick<Metrics, 'deliveries'>
}

export async function deliverMail(delivery: Delivery, id: number, lastTry: boolean): Promise<void> {
  const { store, mailer } = delivery
  const mail = await getDelivery(store.db, id)
  if (mail.status !== 'waiting' || mail.kind !== 'mail' || !mailer.configured) return
  const run = mail.runId ? await store.db.run.findUnique({ where: { id: mail.runId } }) : null
  const of = { buildId: run?.buildId ?? null, runId: mail.runId }
  const log = delivery.log.child({ trace: traceOf(of) })
  const attributes = { 'crat.mail': id, 'crat.run': mail.runId ?? undefined }
  await inTraceOf(of, 'deliver mail', { kind: CLIENT, attributes }, () =>
    sendMail({ ...delivery, log }, mail, lastTry),
  )
}

async function sendMail(
  { store, mailer, sender, log, metrics }: Delivery,
  mail: Mail,
  lastTry: boolean,
): Promise<void> {
  const { id } = mail
  const to = mail.recipient === 'admin' && sender ? addressOf(sender) : mail.recipient
  try {
    await mailer.send({ to, ...contentOf(mail) })
  } catch (error) {
    if (!(error instanceof SmtpError)) throw error
    const final = error.permanent || lastTry
    metrics.deliveries.inc({ result: final ? 'given_up' : 'put_off' })
    failSpan(error.message)
    await recordNotSent(store, mail, error.message, final)
    log.warn({ mail: id, runId: mail.runId, err: error, final }, 'mail not sent')
    if (final) return
    throw error
  }
  await recordSent(store, mail)
  metrics.deliveries.inc({ result: 'sent' })
  log.info({ mail: id, runId: mail.runId, to }, 'mail sent')
}

function addressOf(sender: string): string {
  return /<([^<>]*)>\s*$/.exec(sender)?.[1]?.trim() ?? sender
}

function contentOf(mail: Mail): Omit<OutgoingMail, 'to'> {
  const { subject, html, text, messageId, chart, unsubscribeUrl } = mail
  const content = { subject, html, text, messageId, unsubscribeUrl: unsubscribeUrl ?? undefined }
  if (!chart) return content
  const png = { filename: 'chart.png', contentType: 'image/png', content: Buffer.from(chart), cid: 'chart' }
  return { ...content, attachments: [png] }
}
