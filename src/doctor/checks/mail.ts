import { createMailer, SmtpError } from '../../external/smtp/index.ts'
import { DatabaseUnavailable, type Finding, failed, ok, type Subject, warning } from '../check.ts'

export async function checkMail(subject: Subject): Promise<Finding[]> {
  const [server, outbox] = await Promise.all([
    checkMailServer(subject),
    checkOutbox(subject).catch(ignoreUnavailable),
  ])
  return [server, ...outbox]
}

async function checkMailServer({ config }: Subject): Promise<Finding> {
  if (!config.mail) return warning('doctor:no_mail_server')
  const server = `${config.mail.host}:${config.mail.port}`
  try {
    await createMailer(config.mail).verify()
    return ok('doctor:mail_server_ok', { server })
  } catch (error) {
    if (!(error instanceof SmtpError)) throw error
    return failed('doctor:mail_server_down', { server }, error)
  }
}

async function checkOutbox({ query }: Subject): Promise<Finding[]> {
  const [row] = await query<{ late: number; failed: number }>(
    `SELECT count(*) FILTER (WHERE status = 'waiting' AND created_at < now() - interval '1 hour')::int AS late,
       count(*) FILTER (WHERE status = 'failed' AND created_at > now() - interval '7 days')::int AS failed
     FROM notifications WHERE status IN ('waiting', 'failed') AND kind = 'mail'`,
  )
  return [
    ...(row?.late ? [warning('doctor:mails_late', { number: row.late })] : []),
    ...(row?.failed ? [warning('doctor:mails_failed', { number: row.failed })] : []),
  ]
}

/** Another check says so; the mail server is asked all the same. */
function ignoreUnavailable(error: unknown): Finding[] {
  if (error instanceof DatabaseUnavailable) return []
  throw error
}
