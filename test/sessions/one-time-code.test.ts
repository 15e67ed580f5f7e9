import assert from 'node:assert/strict'
import { it } from 'node:test'
import { Secret, TOTP } from 'otpauth'
import { Visitor } from '../http/visitor.ts'
import { ADMIN_PASSWORD, openWorld, startWorld } from '../world/index.ts'

const secret = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP'
const world = await startWorld({ env: { ROLE: 'web' } })
const guarded = await openWorldWithCode()

/** Its `admin` cannot log in without a code, so it is opened as one that proves people by link. */
async function openWorldWithCode() {
  const mail = { EMAIL_SEND_SERVER: '127.0.0.1', EMAIL_SEND_FROM: 'crat@example.com' }
  const env = { ROLE: 'web', ADMIN_TOTP_SECRET: secret, LOGIN_MODE: 'link', ...mail }
  return openWorld(world.dataDir, world.databaseUrl, { env })
}

const codeIn = (seconds: number) =>
  TOTP.generate({ secret: Secret.fromBase32(secret), timestamp: Date.now() + seconds * 1000 })
const logIn = (password: string, code?: string) =>
  guarded.anyone.post('/auth/login', { email: 'admin', password, code })

it('the admin’s password alone is not enough where ADMIN_TOTP_SECRET is set', async () => {
  for (const code of [undefined, '', '000000', codeIn(-600)]) {
    const { status, body } = await logIn(ADMIN_PASSWORD, code)
    assert.deepEqual([status, body.code], [401, 'wrong_password_or_code'])
  }
})

it('with the newest code it is, once', async () => {
  const code = codeIn(0)
  const wrong = await logIn('guess', code)
  assert.equal(wrong.status, 401)
  const { status, body } = await logIn(ADMIN_PASSWORD, code)
  assert.deepEqual([status, body.is_admin], [200, true])
  assert.equal((await logIn(ADMIN_PASSWORD, code)).status, 401)
})

it('the page asks for the code', async () => {
  const browser = new Visitor(guarded.url)
  assert.match((await browser.open('/login')).html, /name="code"[^>]*autocomplete="one-time-code"/)
  const page = await browser.submit('/login', { email: 'admin', password: ADMIN_PASSWORD, code: codeIn(30) })
  assert.equal(page.path, '/tests')
})
