import type { SMTPTransportOptions } from 'nodemailer'
import { isLoopback } from '../../lib/loopback.ts'
import type { SmtpConfig } from './types.ts'

const CONNECTION_TIMEOUT_MS = 15_000
const SOCKET_TIMEOUT_MS = 60_000

/** Plain text only to loopback or where `tls` is `off`. Certificates are verified except on loopback. */
export function transportOptions({ host, port, user, password, tls }: SmtpConfig): SMTPTransportOptions {
  const local = isLoopback(host)
  const secure = tls === 'auto' && port === 465
  return {
    host,
    port,
    secure,
    ignoreTLS: tls === 'off',
    requireTLS: tls === 'auto' && !secure && !local,
    tls: { rejectUnauthorized: !local },
    auth: user === null ? undefined : { user, pass: password ?? '' },
    connectionTimeout: CONNECTION_TIMEOUT_MS,
    greetingTimeout: CONNECTION_TIMEOUT_MS,
    socketTimeout: SOCKET_TIMEOUT_MS,
  }
}
