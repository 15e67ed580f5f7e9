import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { createMailer, SmtpError } from '../../../src/external/smtp/index.ts'
import { certificate, configFor, mailServer, mailTo } from './mail-server.ts'

const LI_WEI = 'li.wei@example.com'
/** Reaches this machine, but is not an address of which everyone knows that: it stands for another host. */
const OTHER_HOST = '0.0.0.0'

const smtpError = (key: string, permanent: boolean) => (error: unknown) => {
  assert.ok(error instanceof SmtpError, String(error))
  assert.equal(error.key, key)
  assert.equal(error.permanent, permanent)
  return true
}

test('STARTTLS is taken where it is offered, on loopback with any certificate', async t => {
  const { port, mails } = await mailServer(t)
  await createMailer(configFor(port)).send(mailTo(LI_WEI))
  assert.equal(mails[0]?.secure, true)
})

test('plain text is good enough on loopback', async t => {
  const { port, mails } = await mailServer(t, { disabledCommands: ['STARTTLS'] })
  await createMailer(configFor(port)).send(mailTo(LI_WEI))
  assert.equal(mails[0]?.secure, false)
})

test('another host that offers no encryption gets nothing', async t => {
  const { port, mails } = await mailServer(t, { disabledCommands: ['STARTTLS'] })
  const mailer = createMailer(configFor(port, { host: OTHER_HOST, user: 'crat', password: 'open-sesame' }))
  await assert.rejects(mailer.send(mailTo(LI_WEI)), smtpError('smtp:no_starttls', true))
  await assert.rejects(mailer.verify(), smtpError('smtp:no_starttls', true))
  assert.equal(mails.length, 0)
})

test('… unless TLS is off', async t => {
  const { port, mails } = await mailServer(t)
  await createMailer(configFor(port, { host: OTHER_HOST, tls: 'off' })).send(mailTo(LI_WEI))
  assert.equal(mails[0]?.secure, false)
})

test('a self-signed certificate of another host is refused', async t => {
  const { port, mails } = await mailServer(t)
  const mailer = createMailer(configFor(port, { host: OTHER_HOST }))
  await assert.rejects(mailer.send(mailTo(LI_WEI)), smtpError('smtp:tls', false))
  assert.equal(mails.length, 0)
})

test('… and taken where NODE_EXTRA_CA_CERTS names it', async t => {
  const { port, mails } = await mailServer(t)
  const modulePath = JSON.stringify(new URL('../../../src/external/smtp/index.ts', import.meta.url).href)
  const config = JSON.stringify(configFor(port, { host: OTHER_HOST }))
  const script = `
    import { createMailer } from ${modulePath}
    await createMailer(${config}).send(${JSON.stringify(mailTo(LI_WEI))})`
  await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script], {
    env: { ...process.env, NODE_EXTRA_CA_CERTS: fileURLToPath(certificate) },
  })
  assert.equal(mails[0]?.secure, true)
})

test('port 465 speaks TLS from the first byte', async t => {
  // An address of its own, so that no other copy of this test holds the port.
  const host = `127.${randomInt(1, 255)}.${randomInt(1, 255)}.${randomInt(2, 255)}`
  const options = { secure: true, disabledCommands: ['STARTTLS'] }
  const server = await mailServer(t, options, { host, port: 465 }).catch(error => error)
  if (server instanceof Error) return t.skip(`the port needs a privilege here: ${server.message}`)
  await createMailer(configFor(465, { host })).send(mailTo(LI_WEI))
  assert.equal(server.mails[0]?.secure, true)
})
