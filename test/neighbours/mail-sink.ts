import { EventEmitter, once } from 'node:events'
import { mkdir, writeFile } from 'node:fs/promises'
import type { AddressInfo, Socket } from 'node:net'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import PostalMime, { type Email } from 'postal-mime'
import { SMTPServer, type SMTPServerSession } from 'smtp-server'

export interface ReceivedMail extends Email {
  /** The .eml file. */
  path: string
  /** Who it was really sent to: RCPT TO, whatever its headers say. */
  recipients: string[]
  /** It came over TLS. */
  secure: boolean
  user?: string
}

interface Refusal {
  at: 'connect' | 'sender' | 'recipient' | 'message'
  /** 4xx: try again later; 5xx: never; `hang-up`: the line is cut, at `message` after the mail was stored. */
  code: number | 'hang-up'
  message?: string
}

export interface MailSinkOptions {
  /** Mails are stored here, one .eml each. */
  folder: string
  /** Whoever sends must log in so. */
  login?: { username: string; password: string }
  startTls?: boolean
  /** TLS from the first byte, as on port 465. */
  implicitTls?: boolean
}

export interface MailSink {
  host: string
  port: number
  folder: string
  /** Every mail so far, oldest first. */
  mails: ReceivedMail[]
  /** Resolves with the first mail that fits, past or to come. */
  waitForMail(fits?: (mail: ReceivedMail) => boolean): Promise<ReceivedMail>
  /** The next deliveries are refused so, one each; then it accepts again. */
  refuseNext(...refusals: Refusal[]): void
  close(): Promise<void>
}

/** A real SMTP server that keeps what it gets. */
export async function startMailSink(options: MailSinkOptions): Promise<MailSink> {
  const { folder, login, startTls = false, implicitTls = false } = options
  await mkdir(folder, { recursive: true })
  const mails: ReceivedMail[] = []
  const arrivals = new EventEmitter()
  const sockets = new Set<Socket>()
  let refusals: Refusal[] = []

  function refuse(at: Refusal['at']): Error | undefined {
    const refusal = refusals[0]
    if (refusal?.at !== at) return undefined
    refusals = refusals.slice(1)
    if (refusal.code === 'hang-up') for (const socket of sockets) socket.destroy()
    return Object.assign(new Error(refusal.message ?? 'Refused'), { responseCode: refusal.code })
  }

  async function store(raw: Buffer, session: SMTPServerSession): Promise<void> {
    const path = join(folder, `${String(mails.length + 1).padStart(4, '0')}.eml`)
    await writeFile(path, raw)
    const recipients = session.envelope.rcptTo.map(({ address }) => address)
    const email = await PostalMime.parse(raw)
    const mail: ReceivedMail = { ...email, path, recipients, secure: session.secure, user: session.user }
    mails.push(mail)
    arrivals.emit('mail')
  }

  const server = new SMTPServer({
    secure: implicitTls,
    disabledCommands: [...(startTls ? [] : ['STARTTLS']), ...(login ? [] : ['AUTH'])],
    authOptional: !login,
    allowInsecureAuth: true,
    disableReverseLookup: true,
    closeTimeout: 0,
    onAuth({ username, password }, _session, done) {
      const right = username === login?.username && password === login?.password
      done(right ? null : new Error('Wrong user name or password'), right ? { user: username } : undefined)
    },
    onConnect: (_session, done) => done(refuse('connect')),
    onMailFrom: (_address, _session, done) => done(refuse('sender')),
    onRcptTo: (_address, _session, done) => done(refuse('recipient')),
    onData(stream, session, done) {
      const keep = refusals[0]?.at !== 'message' || refusals[0].code === 'hang-up'
      buffer(stream)
        .then(raw => (keep ? store(raw, session) : undefined))
        .then(() => done(refuse('message')), done)
    },
  })
  // Clients that hang up in the middle are theirs to explain.
  server.on('error', () => {})
  server.server.on('connection', (socket: Socket) => {
    sockets.add(socket.once('close', () => sockets.delete(socket)))
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')

  return {
    host: '127.0.0.1',
    port: (server.server.address() as AddressInfo).port,
    folder,
    mails,
    async waitForMail(fits = () => true) {
      for (;;) {
        const mail = mails.find(fits)
        if (mail) return mail
        await once(arrivals, 'mail')
      }
    },
    refuseNext(...more) {
      refusals.push(...more)
    },
    async close() {
      for (const socket of sockets) socket.destroy()
      await new Promise<void>(resolve => server.close(resolve))
    },
  }
}
