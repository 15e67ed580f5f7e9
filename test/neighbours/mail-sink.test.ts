import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { createTransport } from 'nodemailer'
import { type MailSink, type MailSinkOptions, startMailSink } from './mail-sink.ts'

let folder: string
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'crat-mails-'))
})
after(() => rm(folder, { recursive: true }))

async function withSink(options: Omit<MailSinkOptions, 'folder'>, story: (sink: MailSink) => Promise<void>) {
  const sink = await startMailSink({ folder: await mkdtemp(join(folder, 'sink-')), ...options })
  await story(sink).finally(sink.close)
}

const mail = {
  from: 'crat@example.com',
  to: 'Li Wei <li.wei@example.com>',
  subject: 'passed: 52 of 52 · cds #101',
  text: '全部通过',
  html: '<b>全部通过</b>',
}

function send(sink: MailSink, options: object = {}) {
  return createTransport({
    host: sink.host,
    port: sink.port,
    tls: { rejectUnauthorized: false },
    ...options,
  }).sendMail(mail)
}

test('A mail is parsed, waited for and kept as .eml', async () => {
  await withSink({}, async sink => {
    const arrival = sink.waitForMail(({ subject }) => subject?.includes('#101') ?? false)
    await send(sink)
    const received = await arrival
    assert.equal(received.subject, mail.subject)
    assert.deepEqual(received.recipients, ['li.wei@example.com'])
    assert.equal(received.text?.trim(), '全部通过')
    assert.equal(received.secure, false)
    assert.match(await readFile(received.path, 'utf8'), /^From: crat@example\.com/m)
    assert.equal(sink.mails.length, 1)
  })
})

test('STARTTLS is used where it is offered, TLS from the start where it is asked for', async () => {
  await withSink({ startTls: true }, async sink => {
    await send(sink)
    assert.equal((await sink.waitForMail()).secure, true)
  })
  await withSink({ implicitTls: true }, async sink => {
    await send(sink, { secure: true })
    assert.equal((await sink.waitForMail()).secure, true)
  })
  await withSink({}, async sink => {
    await assert.rejects(send(sink, { requireTLS: true }))
  })
})

test('Only who logs in may send', async () => {
  await withSink({ login: { username: 'crat', password: 'secret' } }, async sink => {
    await assert.rejects(send(sink), { responseCode: 530 })
    await assert.rejects(send(sink, { auth: { user: 'crat', pass: 'wrong' } }), { responseCode: 535 })
    await send(sink, { auth: { user: 'crat', pass: 'secret' } })
    assert.equal((await sink.waitForMail()).user, 'crat')
  })
})

test('It refuses for now, for good, or hangs up, and then accepts again', async () => {
  await withSink({}, async sink => {
    sink.refuseNext(
      { at: 'connect', code: 421 },
      { at: 'sender', code: 550 },
      { at: 'recipient', code: 450, message: 'Greylisted, come back in a minute' },
      { at: 'message', code: 554 },
    )
    await assert.rejects(send(sink), { responseCode: 421 })
    await assert.rejects(send(sink), { responseCode: 550 })
    await assert.rejects(send(sink), /Greylisted/)
    await assert.rejects(send(sink), { responseCode: 554 })
    assert.equal(sink.mails.length, 0)
    await send(sink)
    assert.equal(sink.mails.length, 1)
  })
})

test('It can lose the line after it took the mail', async () => {
  await withSink({}, async sink => {
    sink.refuseNext({ at: 'message', code: 'hang-up' })
    await assert.rejects(send(sink))
    assert.equal(sink.mails.length, 1)
  })
})
