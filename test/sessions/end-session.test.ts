import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { describe, it } from 'node:test'
import pg from 'pg'
import { LISTENER_CLASS } from '../../src/database/lifeline.ts'
import { cleanUpSessions } from '../../src/jobs/clean-up-sessions.ts'
import { ApiClient, openWorld, startWorld } from '../world/index.ts'

const SECRET = 'signs the sessions of this test'
const world = await startWorld({ env: { ROLE: 'web', JWT_SECRET: SECRET } })
const { db } = world.crat.ctx

const statusWith = async (token: string) => (await new ApiClient(world.url, token).get('/auth/me')).status

/** When the session was used last and when it ends, in minutes from now. */
const setTimes = (email: string, lastSeen: number, expires: number) =>
  db.session.updateMany({
    where: { email },
    data: {
      lastSeenAt: new Date(Date.now() + lastSeen * 60_000),
      expiresAt: new Date(Date.now() + expires * 60_000),
    },
  })

describe('a session ends', () => {
  it('when Li Wei logs out, at once', async () => {
    const { status, body } = await world.liWei.post('/auth/logout')
    assert.equal(status, 200)
    assert.deepEqual(Object.keys(body), ['message'])
    const answer = await world.liWei.get('/auth/me')
    assert.deepEqual([answer.status, answer.body.code], [401, 'not_logged_in'])
    assert.equal((await world.liWei.post('/auth/logout')).status, 401)
  })

  it('in every process, however short ago it was used there', async () => {
    const other = await openWorld(world.dataDir, world.databaseUrl, {
      env: { ROLE: 'web', JWT_SECRET: SECRET },
    })
    const client = await world.logIn('two.processes@example.com')
    const elsewhere = new ApiClient(other.url, client.token)
    assert.equal((await elsewhere.get('/auth/me')).status, 200)
    await client.post('/auth/logout')
    assert.equal((await elsewhere.get('/auth/me')).status, 401)
  })

  it('although a process does not answer', async t => {
    const silent = new pg.Client({ connectionString: world.databaseUrl })
    t.after(() => silent.end())
    await silent.connect()
    await silent.query(`SELECT pg_advisory_lock_shared(${LISTENER_CLASS}, 1)`)
    const client = await world.logIn('silent@example.com')
    assert.equal((await client.post('/auth/logout')).status, 200)
    assert.equal((await client.get('/auth/me')).status, 401)
  })

  it('for the old token when it is refreshed, at once', async () => {
    const old = await world.logIn('refresh@example.com')
    const { status, body } = await old.post('/auth/refresh')

    assert.equal(status, 200)
    assert.deepEqual(Object.keys(body).sort(), ['expires_at', 'token'])
    assert.notEqual(body.token, old.token)
    assert.equal(await statusWith(old.token), 401)
    const renewed = new ApiClient(world.url, body.token)
    assert.deepEqual((await renewed.get('/auth/me')).body, { email: 'refresh@example.com', is_admin: false })
    assert.equal((await old.post('/auth/refresh')).status, 401)
  })

  it('for all but one of those who refresh it at once', async () => {
    const client = await world.logIn('race@example.com')
    const answers = await Promise.all(Array.from({ length: 6 }, () => client.post('/auth/refresh')))
    const tokens = answers.flatMap(({ body }) => body.token ?? [])
    const alive = await Promise.all(tokens.map(statusWith))
    assert.equal(alive.filter(status => status === 200).length, 1)
  })

  it('when its time is over', async () => {
    const client = await world.logIn('idle@example.com')
    await setTimes('idle@example.com', -30, -0.01)
    assert.equal((await client.get('/auth/me')).status, 401)
    assert.equal((await client.post('/auth/refresh')).status, 401)
  })

  it('later while it is used', async () => {
    const client = await world.logIn('busy@example.com')
    await setTimes('busy@example.com', -2, 1)
    assert.equal((await client.get('/auth/me')).status, 200)
    const { expiresAt } = await db.session.findFirstOrThrow({ where: { email: 'busy@example.com' } })
    assert.ok(expiresAt.getTime() - Date.now() > 23 * 3_600_000, expiresAt.toISOString())
  })

  it('and is forgotten some time after', async () => {
    const over = await world.logIn('over@example.com')
    const alive = await world.logIn('alive@example.com')
    await setTimes('over@example.com', -30, -1)
    await cleanUpSessions(world.crat.ctx)
    assert.equal(await db.session.count({ where: { email: 'over@example.com' } }), 0)
    assert.deepEqual([await statusWith(over.token), await statusWith(alive.token)], [401, 200])
  })
})

describe('a forged token is none', () => {
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const sign = (header: object, claims: object, secret: string, hash = 'sha256') => {
    const signed = `${encode(header)}.${encode(claims)}`
    return `${signed}.${createHmac(hash, secret).update(signed).digest('base64url')}`
  }
  const claims = { sub: 'admin', admin: true, jti: '0', iat: Math.floor(Date.now() / 1000) }
  const [header = '', payload = '', signature = ''] = world.admin.token.split('.')
  const mine = JSON.parse(Buffer.from(payload, 'base64url').toString())

  const forged: Record<string, string> = {
    'without a signature': `${encode({ alg: 'none', typ: 'JWT' })}.${payload}.`,
    'without a signature, in other letters': `${encode({ alg: 'NoNe' })}.${payload}.`,
    'with its signature cut off': `${header}.${payload}.`,
    'with another header': `${encode({ alg: 'none' })}.${payload}.${signature}`,
    'with other claims': `${header}.${encode({ ...mine, sub: 'boss@example.com' })}.${signature}`,
    'signed with another secret': sign({ alg: 'HS256' }, mine, 'a guess'),
    'signed by another algorithm': sign({ alg: 'HS512' }, mine, SECRET, 'sha512'),
    'signed with an empty secret': sign({ alg: 'HS256' }, mine, ''),
    'signed well, but of no session': sign({ alg: 'HS256', typ: 'JWT' }, claims, SECRET),
    'that is no token': 'admin',
    'that is much too long': 'x'.repeat(10_000),
  }
  for (const [how, token] of Object.entries(forged)) {
    it(how, async () => {
      assert.equal(await statusWith(token), 401)
    })
  }

  it('and the real one still counts; its own text is nowhere in the database', async () => {
    assert.equal(await statusWith(world.admin.token), 200)
    const rows = JSON.stringify(await db.session.findMany())
    assert.ok(!rows.includes(signature))
  })
})
