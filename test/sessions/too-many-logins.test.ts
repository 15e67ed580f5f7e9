import assert from 'node:assert/strict'
import { it } from 'node:test'
import { ADMIN_PASSWORD, LI_WEI, startWorld } from '../world/index.ts'

const world = await startWorld({ env: { ROLE: 'web', TRUST_PROXY: 'loopback' } })

/** As a reverse proxy hands it on. */
const logInFrom = (ip: string, body: object) =>
  world.anyone.call('POST', '/auth/login', body, { 'x-forwarded-for': ip })

it('whoever tries passwords has to wait, and nobody else', async () => {
  for (let attempt = 1; attempt <= 20; attempt++) {
    const { status } = await logInFrom('10.0.0.66', { email: 'admin', password: `guess ${attempt}` })
    assert.equal(status, 401, `attempt ${attempt}`)
  }
  for (const password of ['guess 21', ADMIN_PASSWORD]) {
    const { status, body, headers } = await logInFrom('10.0.0.66', { email: 'admin', password })
    assert.deepEqual([status, body.code], [429, 'too_many_logins'])
    const seconds = Number(headers.get('retry-after'))
    assert.ok(seconds > 0 && seconds <= 300, `Retry-After: ${seconds}`)
    assert.match(body.error, /Wait 5 minutes/)
  }
  assert.equal(
    (await logInFrom('10.0.0.7', { email: 'boss@example.com', password: ADMIN_PASSWORD })).status,
    200,
  )
})

it('logins that succeed, and addresses that are mistyped, are not counted', async () => {
  for (let attempt = 1; attempt <= 30; attempt++) {
    assert.equal((await logInFrom('10.0.0.8', { email: `user${attempt}@example.com` })).status, 200)
    assert.equal((await logInFrom('10.0.0.8', { email: 'li.wei@' })).status, 400)
  }
  assert.equal((await logInFrom('10.0.0.8', { email: LI_WEI })).status, 200)
})
