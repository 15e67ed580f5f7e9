import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import type { FaultCase, Figures } from '../fault-case.ts'
import { type FaultWorld, openFaultWorld, until } from '../world/index.ts'

interface Trouble {
  does: string
  arrange(world: FaultWorld): void
  /** What the outbox says in the end, and of the last failure on the way. */
  ends: 'sent' | 'failed'
  says: RegExp
  /** How often the same mail is at the server: a repeat has the same Message-ID. */
  copies: number
}

const TROUBLES: Trouble[] = [
  {
    does: 'rejects the recipient',
    arrange: ({ neighbours }) =>
      neighbours.mailSink.refuseNext({ at: 'recipient', code: 550, message: 'No such user here' }),
    ends: 'failed',
    says: /refused the recipient.*No such user here/,
    copies: 0,
  },
  {
    does: 'greylists',
    arrange: ({ neighbours }) =>
      neighbours.mailSink.refuseNext({ at: 'recipient', code: 451, message: 'Greylisted, come again' }),
    ends: 'sent',
    says: /Greylisted, come again/,
    copies: 1,
  },
  {
    does: 'drops the line after DATA',
    arrange: ({ neighbours }) => neighbours.mailSink.refuseNext({ at: 'message', code: 'hang-up' }),
    ends: 'sent',
    says: /mail server/,
    copies: 2,
  },
  {
    does: 'hangs up at once',
    arrange: ({ lines }) => void lines.mails.cutNextAfter.push(0),
    ends: 'sent',
    says: /mail server/,
    copies: 1,
  },
]

export const mails: FaultCase = {
  name: 'peers/mails',
  about: `the mail server misbehaves in ${TROUBLES.length} ways`,
  rounds: TROUBLES.length,
  quick: 1,
  async run(postgres, rounds) {
    await using stack = new AsyncDisposableStack()
    const world = await openFaultWorld(postgres, { role: 'all' })
    stack.defer(world.close)
    await world.buildCore(9000)
    const took: Figures = {}
    for (let round = 0; round < rounds; round += 1) {
      const trouble = TROUBLES[round % TROUBLES.length]
      if (trouble) took[trouble.does] = `${(await meet(world, trouble)).toFixed(1)} s`
    }
    return took
  },
}

interface Mail {
  status: string
  attempts: number
  last_error: string | null
  message_id: string
}

function mailOf({ sql }: FaultWorld, run: number): Promise<Mail | undefined> {
  const text = 'SELECT status, attempts, last_error, message_id FROM notifications WHERE run_id = $1'
  return sql<Mail>(text, [run]).then(rows => rows[0])
}

async function meet(world: FaultWorld, { does, arrange, ends, says, copies }: Trouble): Promise<number> {
  arrange(world)
  const began = performance.now()
  const run = await world.trigger()
  await until(
    `the mail fails once: ${does}`,
    async () => (await mailOf(world, run))?.last_error != null,
    30_000,
  )
  assert.match((await mailOf(world, run))?.last_error ?? '', says)
  // It is tried again after a quarter of a minute and more.
  await until(`the mail is ${ends}: ${does}`, async () => (await mailOf(world, run))?.status === ends, 60_000)
  const mail = await mailOf(world, run)
  const arrived = world.neighbours.mailSink.mails.filter(({ messageId }) => messageId === mail?.message_id)
  assert.equal(arrived.length, copies, does)
  return (performance.now() - began) / 1000
}

/** A mail server that offers encryption and then speaks none. */
export const brokenTls: FaultCase = {
  name: 'peers/mails-tls',
  about: "the mail server's TLS is broken",
  rounds: 1,
  async run(postgres) {
    await using stack = new AsyncDisposableStack()
    const server = createServer(socket => {
      socket.on('error', () => {})
      socket.write('220 mail.example ESMTP\r\n')
      socket.on('data', data => {
        if (data.toString().startsWith('EHLO')) socket.write('250-mail.example\r\n250 STARTTLS\r\n')
        else if (data.toString().startsWith('STARTTLS')) socket.write('220 Go ahead\r\n')
        else socket.end('this is not TLS')
      })
    })
    await once(server.listen(0, '127.0.0.1'), 'listening')
    stack.defer(() => void server.close())
    const EMAIL_SEND_SERVER_PORT = `${(server.address() as AddressInfo).port}`
    const world = await openFaultWorld(postgres, { role: 'all', env: { EMAIL_SEND_SERVER_PORT } })
    stack.defer(world.close)
    await world.buildCore(9000)
    const run = await world.trigger()
    await until('it is tried', async () => (await mailOf(world, run))?.last_error != null, 30_000)
    const mail = await mailOf(world, run)
    assert.equal(mail?.status, 'waiting', 'it is given up')
    assert.match(mail.last_error ?? '', /secure connection to the mail server/i)
    return { says: mail.last_error ?? '' }
  },
}
