import { BlockList, isIP } from 'node:net'
import type { NodemailerError, SMTPTransportOptions } from 'nodemailer'
import { ExternalError } from '../../lib/errors.ts'
import { hasControlCharacter, oneLine } from '../../lib/text.ts'

/** `permanent`: the server refused the mail (5xx) or must not get it; otherwise worth another attempt. */
export class SmtpError extends ExternalError {}

export interface SmtpConfig {
  host: string
  /** On 465 the connection is TLS from the start. */
  port: number
  user: string | null
  password: string | null
  /** `crat@example.com` or `CRAT <crat@example.com>`. */
  from: string
  /** `off`: plain text, to any host. */
  tls: 'auto' | 'off'
}

export interface OutgoingMail {
  /** One bare address. */
  to: string
  /** Default: the configured sender. */
  from?: string
  subject: string
  html: string
  text: string
  /** `<unique@host>`. The same one for each attempt lets the receiver see that they are one mail. */
  messageId?: string
  attachments?: Attachment[]
}

export interface Attachment {
  filename: string
  contentType: string
  content: Buffer
  /** Where the HTML shows it: `cid:…`. */
  cid?: string
}

export interface Mailer {
  /** False where there is no mail server: `send` and `verify` then throw smtp:not_configured. */
  configured: boolean
  /** Answers the server's own words. Throws SmtpError. */
  send(mail: OutgoingMail, signal?: AbortSignal): Promise<{ response: string }>
  /** Connects and logs in, without a mail. Throws SmtpError. */
  verify(): Promise<void>
}

const CONNECTION_TIMEOUT_MS = 15_000
const SOCKET_TIMEOUT_MS = 60_000
/** For a whole mail: a server that trickles never leaves the socket idle. */
const SEND_TIMEOUT_MS = 180_000

/**
 * Mails by SMTP. Port 465 is TLS from the start; other ports take STARTTLS, and plain text goes only to this
 * machine itself or where `tls` is `off`. Certificates are checked, also against those that
 * NODE_EXTRA_CA_CERTS names (a company's own); not on loopback, where no line can be tapped.
 */
export function createMailer(config: SmtpConfig | null): Mailer {
  if (!config) return { configured: false, send: refuseUnconfigured, verify: refuseUnconfigured }
  return {
    configured: true,
    async send(mail, signal) {
      const message = messageFrom(mail, config)
      const timeout = AbortSignal.timeout(SEND_TIMEOUT_MS)
      const bounded = signal ? AbortSignal.any([signal, timeout]) : timeout
      try {
        const transport = await createTransport(config)
        const { response } = await transport.sendMail({ ...message, signal: bounded })
        return { response: serversWords(response) }
      } catch (error) {
        signal?.throwIfAborted()
        throw smtpErrorFrom(config, error as NodemailerError)
      }
    },
    async verify() {
      try {
        const transport = await createTransport(config)
        await transport.verify()
      } catch (error) {
        throw smtpErrorFrom(config, error as NodemailerError)
      }
    },
  }
}

/** Loads nodemailer when there is something to send. */
async function createTransport(config: SmtpConfig) {
  const nodemailer = await import('nodemailer')
  return nodemailer.createTransport(transportOptions(config))
}

async function refuseUnconfigured(): Promise<never> {
  throw new SmtpError('smtp:not_configured', {}, { permanent: false })
}

function transportOptions({ host, port, user, password, tls }: SmtpConfig): SMTPTransportOptions {
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

function messageFrom(mail: OutgoingMail, config: SmtpConfig) {
  const { to, from = config.from, subject, html, text, messageId, attachments = [] } = mail
  if (!isOneAddress(to)) throw new SmtpError('smtp:bad_recipient', { to }, { permanent: true })
  if (hasControlCharacter(from)) throw new SmtpError('smtp:bad_sender', { from }, { permanent: true })
  return {
    from,
    to: { name: '', address: to },
    subject: oneLine(subject),
    html,
    text,
    messageId: messageId && oneLine(messageId),
    attachments,
    // Keeps "out of office" answers away.
    headers: { 'Auto-Submitted': 'auto-generated' },
    disableFileAccess: true,
    disableUrlAccess: true,
  }
}

/** What would be read as several addresses, a name or another header is none. */
function isOneAddress(text: string): boolean {
  return /^[^\s@<>(),;:"\\[\]]+@[^\s@<>(),;:"\\[\]]+$/.test(text) && !hasControlCharacter(text)
}

const serversWords = (response: string) => oneLine(response).slice(0, 500)

/** What went wrong, as a sentence. nodemailer's errors carry no credentials. */
function smtpErrorFrom(config: SmtpConfig, error: NodemailerError): SmtpError {
  const reason = serversWords(error.response || error.message)
  const params = { host: `${config.host}:${config.port}`, user: config.user ?? '', reason }
  const permanent = error.permanent ?? false
  return new SmtpError(sentenceFor(error), params, { permanent, cause: error })
}

function sentenceFor({ code, originalCode, responseCode, command, name }: NodemailerError): string {
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
