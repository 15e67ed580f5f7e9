import type { NodemailerError } from 'nodemailer'
import { ExternalError } from '../../lib/errors.ts'
import { oneLine } from '../../lib/text.ts'
import type { SmtpConfig } from './types.ts'

/** `permanent`: the server refused the mail (5xx) or must not get it; otherwise a retry may succeed. */
export class SmtpError extends ExternalError {}

export const responseText = (response: string) => oneLine(response).slice(0, 500)

export function smtpErrorFrom(config: SmtpConfig, error: NodemailerError): SmtpError {
  const reason = responseText(error.response || error.message)
  const params = { host: `${config.host}:${config.port}`, user: config.user ?? '', reason }
  const permanent = error.permanent ?? false
  return new SmtpError(messageKey(error), params, { permanent, cause: error })
}

function messageKey({ code, originalCode, responseCode, command, name }: NodemailerError): string {
  if (code === 'EAUTH' || code === 'ENOAUTH') return 'smtp:login'
  if (code === 'ETLS' && responseCode) return 'smtp:no_starttls'
  if (responseCode && command?.startsWith('RCPT')) return 'smtp:recipient_refused'
  if (responseCode) return 'smtp:refused_mail'
  if (/CERT|SELF_SIGNED|SSL|TLS/.test(`${code} ${originalCode}`)) return 'smtp:tls'
  if (originalCode === 'ECONNREFUSED') return 'smtp:refused'
  if (code === 'EDNS') return 'smtp:unknown_host'
  if (code === 'ETIMEDOUT' || code === 'EABORT' || name === 'TimeoutError') return 'smtp:timeout'
  return 'smtp:failed'
}
