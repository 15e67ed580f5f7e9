import assert from 'node:assert/strict'
import { it } from 'node:test'
import { ADMIN_PASSWORD, LI_WEI, startWorld } from '../world/index.ts'

const world = await startWorld({
  env: {
    ROLE: 'web',
    LOGIN_MODE: 'link',
    EMAIL_SEND_SERVER: '127.0.0.1',
    EMAIL_SEND_FROM: 'crat@example.com',
  },
})

it('where links are mailed, an address alone is not enough for the API', async () => {
  for (const email of [LI_WEI, 'admin']) {
    const { status, body } = await world.anyone.post('/auth/login', { email })
    assert.deepEqual([status, body.code], [401, 'login_by_link'])
    assert.match(body.error, /one-time link.*login page in a browser/)
  }
  assert.equal(await world.crat.ctx.db.session.count(), 0)
})

it('the password is', async () => {
  const admin = await world.logIn('boss@example.com', ADMIN_PASSWORD)
  assert.deepEqual((await admin.get('/auth/me')).body, { email: 'boss@example.com', is_admin: true })
  const { status } = await world.anyone.post('/auth/login', { email: LI_WEI, password: 'wrong' })
  assert.equal(status, 401)
})
