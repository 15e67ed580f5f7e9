import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { ADMIN_PASSWORD, ApiClient, LI_WEI, startWorld, WANG_FANG } from '../world/index.ts'

const world = await startWorld({
  env: { ROLE: 'web', ALLOWED_EMAIL_DOMAINS: 'example.com, Example.ORG', SESSION_HOURS: '2' },
})
const { anyone } = world

const logIn = (body: unknown) => anyone.post('/auth/login', body)
const me = async (token: string) => (await new ApiClient(world.url, token).get('/auth/me')).body

describe('with an e-mail address alone', () => {
  it('Li Wei logs in as a user', async () => {
    const { status, body } = await logIn({ email: LI_WEI })

    assert.equal(status, 200, body.error)
    assert.deepEqual(Object.keys(body).sort(), ['email', 'expires_at', 'is_admin', 'token'])
    assert.deepEqual([body.email, body.is_admin], [LI_WEI, false])
    const hours = (Date.parse(body.expires_at) - Date.now()) / 3_600_000
    assert.ok(hours > 1.9 && hours <= 2, body.expires_at)
    assert.deepEqual(await me(body.token), { email: LI_WEI, is_admin: false })
  })

  it('however it is written', async () => {
    const { body } = await logIn({ email: ' Wang.Fang@EXAMPLE.org ', password: '' })
    assert.equal(body.email, 'wang.fang@example.org')
    assert.equal((await logIn({ email: WANG_FANG, password: null })).status, 200)
  })

  it('that is one', async () => {
    const wrong = [
      'x',
      'a@',
      '@example.com',
      'a b@example.com',
      'a@example.com\nb@example.com',
      'a@@example.com',
      '',
    ]
    for (const email of [
      ...wrong,
      'a\0@example.com',
      '\ud800@example.com',
      `${'x'.repeat(250)}@example.com`,
      5,
      null,
      undefined,
    ]) {
      const { status, body } = await logIn({ email })
      assert.equal(status, 400, JSON.stringify(email))
      assert.equal(body.details[0].path, 'email')
    }
  })

  it('of a domain that is allowed', async () => {
    for (const email of ['mallory@evil.com', 'mallory@notexample.com', 'mallory@example.com.evil.com']) {
      const { status, body } = await logIn({ email })
      assert.deepEqual([status, body.code], [403, 'domain_not_allowed'])
      assert.match(body.error, /Allowed are: example\.com, example\.org/)
    }
  })

  it('but not as admin', async () => {
    for (const email of ['admin', 'Admin']) {
      const { status, body } = await logIn({ email })
      assert.deepEqual([status, body.code], [401, 'admin_needs_password'])
    }
  })
})

describe('with the password', () => {
  for (const email of [
    'admin',
    'boss@example.com',
    'boss@elsewhere.net',
    'no address at all',
    '',
    undefined,
  ]) {
    it(`${email} logs in as an admin`, async () => {
      const { status, body } = await logIn({ email, password: ADMIN_PASSWORD })
      assert.equal(status, 200, body.error)
      assert.deepEqual([body.email, body.is_admin], [email || 'admin', true])
      assert.deepEqual(await me(body.token), { email: email || 'admin', is_admin: true })
    })
  }

  it('which is wrong, nobody comes in', async () => {
    for (const password of ['wrong', ` ${ADMIN_PASSWORD}`, ADMIN_PASSWORD.toUpperCase(), '0', '\0']) {
      for (const email of ['admin', 'newcomer@example.com']) {
        const { status, body } = await logIn({ email, password })
        assert.deepEqual([status, body.code, body.token], [401, 'wrong_password', undefined])
      }
    }
    assert.equal(await world.crat.ctx.db.session.count({ where: { email: 'newcomer@example.com' } }), 0)
    for (const password of [5, true, {}, 'x'.repeat(1001)])
      assert.equal((await logIn({ email: 'admin', password })).status, 400)
  })
})
