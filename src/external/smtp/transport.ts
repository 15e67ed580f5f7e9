import { BlockList, isIP } from 'node:net'
import type { SMTPTransportOptions } from 'nodemailer'
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

const loopback = new BlockList()
loopback.addSubnet('127.0.0.0', 8, 'ipv4')
loopback.addAddress('::1', 'ipv6')

function isLoopback(host: string): boolean {
  const name = host.toLowerCase().replace(/^\[|\]$/g, '')
  const family = isIP(name)
  if (family === 0) return name === 'localhost' || name.endsWith('.localhost')
  return loopback.check(name, family === 4 ? 'ipv4' : 'ipv6')
}
