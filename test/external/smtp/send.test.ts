import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { test } from 'node:test'
import { createMailer, SmtpError } from '../../../src/external/smtp/index.ts'
import { configFor, mailServer, mailTo } from './mail-server.ts'

const LI_WEI = 'li.wei@example.com'

/** The SmtpError that the promise ends with. */
async function errorOf(promise: Promise<unknown>): Promise<SmtpError> {
  const error = await promise.then(
    () => assert.fail('it did not fail'),
    reason => reason,
  )
  assert.ok(error instanceof SmtpError, String(error))
  return error
}

test('a mail arrives with both parts, its picture, its id and its sender', async t => {
  const { port, mails } = await mailServer(t)
  const chart = Buffer.from('89504e470d0a1a0a', 'hex')
  const { response } = await createMailer(configFor(port)).send(
    mailTo(LI_WEI, {
      messageId: '<run-7@crat.example.com>',
      attachments: [{ filename: 'chart.png', contentType: 'image/png', content: chart, cid: 'chart' }],
    }),
  )
  assert.match(response, /OK: stored/)
  const [mail] = mails
  assert.ok(mail)
  assert.deepEqual(mail.recipients, [LI_WEI])
  assert.equal(mail.subject, 'passed: 52 of 52 · cds #101')
  assert.equal(mail.from?.name, 'CRAT')
  assert.equal(mail.from?.address, 'crat@example.com')
  assert.equal(mail.messageId, '<run-7@crat.example.com>')
  assert.match(mail.html ?? '', /52 of 52/)
  assert.equal(mail.text?.trim(), '52 of 52')
  const [attachment] = mail.attachments
  assert.equal(attachment?.contentId, '<chart>')
  assert.equal(attachment?.related, true)
  assert.deepEqual(Buffer.from(attachment?.content as ArrayBuffer), chart)
  assert.match(mail.raw, /^Auto-Submitted: auto-generated/m)
})

test('a mail can name its own sender', async t => {
  const { port, mails } = await mailServer(t)
  await createMailer(configFor(port)).send(mailTo(LI_WEI, { from: 'tests@example.com' }))
  assert.equal(mails[0]?.from?.address, 'tests@example.com')
})

test('a subject cannot become a header', async t => {
  const { port, mails } = await mailServer(t)
  const subject = 'failed · cds\r\nBcc: eve@example.com\n\nbody\u2028x\0'
  await createMailer(configFor(port)).send(
    mailTo(LI_WEI, { subject, messageId: '<a@b>\r\nBcc: eve@example.com' }),
  )
  assert.equal(mails[0]?.subject, 'failed · cds Bcc: eve@example.com body x')
  assert.deepEqual(mails[0]?.recipients, [LI_WEI])
  assert.doesNotMatch(mails[0]?.raw ?? '', /^Bcc/im)
})

const NO_ADDRESSES = [
  'admin',
  '',
  'li.wei@example.com, eve@example.com',
  'li.wei@example.com\r\nBcc: eve@example.com',
  'Li Wei <li.wei@example.com>',
  'a:li.wei@example.com;',
]
for (const to of NO_ADDRESSES) {
  test(`${JSON.stringify(to)} is no recipient`, async t => {
    const { port, mails } = await mailServer(t)
    const error = await errorOf(createMailer(configFor(port)).send(mailTo(to)))
    assert.equal(error.key, 'smtp:bad_recipient')
    assert.equal(error.permanent, true)
    assert.equal(mails.length, 0)
  })
}

test('a sender with a line break is refused', async t => {
  const { port } = await mailServer(t)
  const error = await errorOf(
    createMailer(configFor(port)).send(mailTo(LI_WEI, { from: 'a@b.example\r\nBcc: eve@example.com' })),
  )
  assert.equal(error.key, 'smtp:bad_sender')
})

const refusing = (responseCode: number, message: string) =>
  Object.assign(new Error(message), { responseCode })

test('a recipient that the server does not know is refused for good, in the words of the server', async t => {
  const { port } = await mailServer(t, {
    onRcptTo: (_address, _session, callback) => callback(refusing(550, '5.1.1 no mailbox of that name')),
  })
  const error = await errorOf(createMailer(configFor(port)).send(mailTo(LI_WEI)))
  assert.equal(error.key, 'smtp:recipient_refused')
  assert.equal(error.permanent, true)
  assert.match(error.message, /550 5\.1\.1 no mailbox of that name/)
})

test('a server that is busy may be asked again', async t => {
  const { port } = await mailServer(t, {
    onMailFrom: (_address, _session, callback) => callback(refusing(451, '4.3.2 try again later')),
  })
  const error = await errorOf(createMailer(configFor(port)).send(mailTo(LI_WEI)))
  assert.equal(error.key, 'smtp:refused_mail')
  assert.equal(error.permanent, false)
  assert.match(error.message, /try again later/)
})

test('a wrong password is told without the password', async t => {
  const { port, mails } = await mailServer(t, {
    onAuth: ({ username, password }, _session, callback) =>
      username === 'crat' && password === 'open-sesame'
        ? callback(null, { user: 'crat' })
        : callback(refusing(535, 'authentication failed')),
  })
  const login = { user: 'crat', password: 'hunter2-secret' }
  const error = await errorOf(createMailer(configFor(port, login)).send(mailTo(LI_WEI)))
  assert.equal(error.key, 'smtp:login')
  assert.equal(error.permanent, true)
  assert.doesNotMatch(JSON.stringify([error, error.message, error.cause, error.stack]), /hunter2/)
  assert.equal((await errorOf(createMailer(configFor(port, login)).verify())).key, 'smtp:login')

  const right = createMailer(configFor(port, { user: 'crat', password: 'open-sesame' }))
  await right.verify()
  await right.send(mailTo(LI_WEI))
  assert.equal(mails.length, 1)
})

test('a server that is away, or hangs up, may be asked again', async t => {
  const server = createServer(socket => socket.end())
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  assert.ok(address && typeof address === 'object')
  const mailer = createMailer(configFor(address.port))

  const cut = await errorOf(mailer.send(mailTo(LI_WEI)))
  assert.equal(cut.permanent, false)
  server.close()
  await once(server, 'close')
  const away = await errorOf(mailer.send(mailTo(LI_WEI)))
  assert.equal(away.key, 'smtp:refused')
  assert.equal(away.permanent, false)
  t.diagnostic(cut.message)
})

test('an aborted signal ends the sending with its reason', async t => {
  const stop = new AbortController()
  const { port } = await mailServer(t, { onMailFrom: () => stop.abort(new Error('shutting down')) })
  await assert.rejects(createMailer(configFor(port)).send(mailTo(LI_WEI), stop.signal), /shutting down/)
})

test('without a mail server nothing can be sent, yet', async () => {
  const mailer = createMailer(null)
  assert.equal(mailer.configured, false)
  const error = await errorOf(mailer.send(mailTo(LI_WEI)))
  assert.equal(error.key, 'smtp:not_configured')
  assert.equal(error.permanent, false)
})
