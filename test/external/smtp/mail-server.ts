import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import type { TestContext } from 'node:test'
import PostalMime, { type Email } from 'postal-mime'
import { SMTPServer, type SMTPServerOptions } from 'smtp-server'
import type { OutgoingMail, SmtpConfig } from '../../../src/external/smtp/index.ts'

export const certificate = new URL('../../fixtures/tls/cert.pem', import.meta.url)
const key = readFileSync(new URL('../../fixtures/tls/key.pem', import.meta.url))

export interface Received extends Email {
  raw: string
  recipients: string[]
  secure: boolean
}

/** A real SMTP server on loopback with a self-signed certificate; `mails` is what it took. */
export async function mailServer(
  t: TestContext,
  options: SMTPServerOptions = {},
  listen = { host: '127.0.0.1', port: 0 },
) {
  const mails: Received[] = []
  const server = new SMTPServer({
    key,
    cert: readFileSync(certificate),
    authOptional: !options.onAuth,
    allowInsecureAuth: true,
    logger: false,
    onData(stream, session, callback) {
      receive(stream, session.envelope.rcptTo, session.secure).then(mail => {
        mails.push(mail)
        callback(null, 'OK: stored')
      }, callback)
    },
    ...options,
  })
  server.on('error', () => undefined)
  server.listen(listen.port, listen.host)
  await once(server.server, 'listening')
  t.after(() => new Promise<void>(resolve => server.close(() => resolve())))
  return { port: (server.server.address() as AddressInfo).port, mails }
}

async function receive(
  stream: Parameters<typeof buffer>[0],
  recipients: { address: string }[],
  secure: boolean,
): Promise<Received> {
  const raw = await buffer(stream)
  const email = await PostalMime.parse(raw)
  return { ...email, raw: raw.toString(), recipients: recipients.map(each => each.address), secure }
}

export function configFor(port: number, change: Partial<SmtpConfig> = {}): SmtpConfig {
  return {
    ...{ host: '127.0.0.1', port, user: null, password: null },
    ...{ from: 'CRAT <crat@example.com>', tls: 'auto' },
    ...change,
  }
}

export function mailTo(to: string, change: Partial<OutgoingMail> = {}): OutgoingMail {
  return {
    to,
    subject: 'passed: 52 of 52 · cds #101',
    html: '<p>52 of 52 <img src="cid:chart"></p>',
    text: '52 of 52',
    ...change,
  }
}
