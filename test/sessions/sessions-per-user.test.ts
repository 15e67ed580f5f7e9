import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { ADMIN_PASSWORD, ApiClient, LI_WEI, openWorld, startWorld } from '../world/index.ts'

const world = await startWorld({ env: { ROLE: 'web', SESSIONS_PER_USER: '3', TRUST_PROXY: 'loopback' } })
const { db } = world.crat.ctx

const alive = async (clients: ApiClient[]) => {
  const answers = await Promise.all(clients.map(client => client.get('/auth/me')))
  return answers.map(({ status }) => status === 200)
}

describe('several sessions for an address', () => {
  it('one too many ends the oldest of that address, and no other', async () => {
    const other = await world.logIn('other@example.com')
    const mine: ApiClient[] = []
    for (let login = 1; login <= 4; login += 1) mine.push(await world.logIn('many@example.com'))
    assert.deepEqual(await alive(mine), [false, true, true, true])
    assert.deepEqual(await alive([other]), [true])
    const ended = await db.auditEntry.findMany({
      where: { action: 'end session', subject: 'many@example.com' },
    })
    assert.deepEqual(
      ended.map(({ after, ip }) => [after, ip]),
      [[{ reason: 'newer session' }, '127.0.0.1']],
    )
  })

  it('which one is first one of the same network: typing an address from elsewhere ends none of its owner', async () => {
    const from = async (ip: string) => {
      const { body } = await world.anyone.call(
        'POST',
        '/auth/login',
        { email: 'owner@example.com' },
        { 'x-forwarded-for': ip },
      )
      return new ApiClient(world.url, body.token)
    }
    const owner = await from('10.0.0.1')
    const others: ApiClient[] = []
    for (let login = 1; login <= 5; login += 1) others.push(await from('10.0.0.66'))
    assert.deepEqual(await alive([owner, ...others]), [true, false, false, false, true, true])
  })

  it('also when many log in at once', async () => {
    const clients = await Promise.all(Array.from({ length: 8 }, () => world.logIn('crowd@example.com')))
    assert.equal((await alive(clients)).filter(Boolean).length, 3)
  })

  it('typing an address ends no session of an admin', async () => {
    const boss = await world.logIn('chief@example.com', ADMIN_PASSWORD)
    const users: ApiClient[] = []
    for (let login = 1; login <= 4; login += 1) users.push(await world.logIn('chief@example.com'))
    assert.deepEqual((await boss.get('/auth/me')).body, { email: 'chief@example.com', is_admin: true })
    assert.equal((await users[3]?.get('/auth/me'))?.body.is_admin, false)
    assert.equal((await users[3]?.put('/settings', { project_name: 'x' }))?.status, 403)
  })
})

it('SESSIONS_PER_USER=1 is the behaviour of CRAT 1.x: a new login ends the older one', async () => {
  const old = await openWorld(world.dataDir, world.databaseUrl, {
    env: { ROLE: 'web', SESSIONS_PER_USER: '1' },
  })
  const first = await old.logIn('twice@example.com')
  const second = await old.logIn('TWICE@example.com')
  assert.deepEqual(await alive([first, second]), [false, true])
  const clients = await Promise.all(Array.from({ length: 6 }, () => old.logIn(LI_WEI)))
  assert.equal((await alive(clients)).filter(Boolean).length, 1)
})
