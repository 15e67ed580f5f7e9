import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { networkOf } from '../../src/sessions/login-attempts.ts'
import { ADMIN_PASSWORD, LI_WEI, openWorld, startWorld } from '../world/index.ts'

const env = { ROLE: 'web', TRUST_PROXY: 'loopback', ADMIN_EMAILS: 'boss@example.com,chief@example.com' }
const world = await startWorld({ env })
const second = await openWorld(world.dataDir, world.databaseUrl, { env })
const { db } = world.crat.ctx

/** As a reverse proxy hands it on. */
const logInFrom = (ip: string, body: object, { anyone } = world) =>
  anyone.call('POST', '/auth/login', body, { 'x-forwarded-for': ip })
const guess = (ip: string, at = world) => logInFrom(ip, { email: 'admin', password: 'a guess' }, at)

const forgetAccount = () => db.loginAttempt.deleteMany({ where: { key: 'account admin' } })

const onPage = (ip: string, password: string) =>
  fetch(`${world.url}/login`, {
    method: 'POST',
    redirect: 'manual',
    headers: { 'x-forwarded-for': ip },
    body: new URLSearchParams({ email: 'admin', password }),
  })

describe('wrong passwords', () => {
  it('stop whoever tries them, on the page and the API of every process, and nobody else', async () => {
    for (let attempt = 1; attempt <= 4; attempt++) assert.equal((await guess('10.0.0.66')).status, 401)
    for (let attempt = 5; attempt <= 7; attempt++)
      assert.equal((await guess('10.0.0.66', second)).status, 401)
    for (let attempt = 8; attempt <= 10; attempt++)
      assert.equal((await onPage('10.0.0.66', 'a guess')).status, 401)

    for (const password of ['a guess', ADMIN_PASSWORD]) {
      const { status, body, headers } = await logInFrom('10.0.0.66', { email: 'admin', password })
      assert.deepEqual([status, body.code], [429, 'too_many_logins'])
      const seconds = Number(headers.get('retry-after'))
      assert.ok(seconds > 0 && seconds <= 30, `Retry-After: ${seconds}`)
      const page = await onPage('10.0.0.66', password)
      assert.equal(page.status, 429)
      assert.match(page.headers.get('retry-after') ?? '', /^\d+$/)
      assert.match(await page.text(), /Too many logins failed here/)
    }
    const clean = await logInFrom('10.0.0.7', { email: 'boss@example.com', password: ADMIN_PASSWORD })
    assert.equal(clean.status, 200)
  })

  it('make each pause longer', async () => {
    const pauses: number[] = []
    for (let round = 1; round <= 3; round++) {
      await db.loginAttempt.updateMany({
        where: { key: 'address 10.0.0.66' },
        data: { blockedUntil: new Date(0) },
      })
      assert.equal((await guess('10.0.0.66')).status, 401)
      pauses.push(Number((await guess('10.0.0.66')).headers.get('retry-after')))
    }
    const [first = 0, then = 0, last = 0] = pauses
    assert.ok(first > 50 && then > 1.8 * first && last > 1.8 * then, pauses.join())
  })

  it('do not stop who logs in by address from the same network', async () => {
    const { status } = await logInFrom('10.0.0.66', { email: LI_WEI })
    assert.equal(status, 200)
  })

  it('before the right one are forgotten', async () => {
    await forgetAccount()
    for (let round = 1; round <= 3; round++) {
      for (let attempt = 1; attempt <= 6; attempt++) assert.equal((await guess('10.0.0.9')).status, 401)
      const right = await logInFrom('10.0.0.9', { email: 'admin', password: ADMIN_PASSWORD })
      assert.equal(right.status, 200)
    }
  })

  it('at once are counted as well', async () => {
    await forgetAccount()
    const answers = await Promise.all(Array.from({ length: 40 }, () => guess('10.0.0.10')))
    assert.equal(answers.filter(({ status }) => status === 401).length, 10)
  })

  it('are in the audit log with their address, and mailed to the admins once', async () => {
    const failures = await db.auditEntry.findMany({ where: { action: 'log in failed', ip: '10.0.0.10' } })
    assert.equal(failures.length, 10)
    assert.deepEqual(failures[0]?.after, { method: 'password', reason: 'wrong_password' })
    const mails = await db.notification.findMany({ orderBy: { recipient: 'asc' } })
    assert.deepEqual(
      mails.map(({ recipient }) => recipient),
      ['boss@example.com', 'chief@example.com'],
    )
    assert.match(mails[0]?.text ?? '', /failed again and again, the last one from 10\.0\.0\.66/)
  })
})

// As many as it takes; `WRONG_PASSWORDS=10000 ./scripts/test test/sessions/too-many-logins.test.ts` tries more.
const GUESSES = Number(process.env.WRONG_PASSWORDS ?? 300)

it(`${GUESSES} wrong passwords from fifty addresses: those are out, and the right one works from a clean one`, async () => {
  const addresses = Array.from({ length: 50 }, (_, index) => `10.1.0.${index + 1}`)
  let checked = 0
  for (let sent = 0; sent < GUESSES; sent += addresses.length) {
    const answers = await Promise.all(addresses.map(ip => guess(ip)))
    for (const { status } of answers) assert.ok([401, 429].includes(status), `${status}`)
    checked += answers.filter(({ status }) => status === 401).length
  }
  assert.ok(checked <= 10 * addresses.length, `${checked} were checked`)
  const attackers = await Promise.all(
    addresses.map(ip => logInFrom(ip, { email: 'admin', password: ADMIN_PASSWORD })),
  )
  assert.ok(attackers.every(({ status }) => status === 429))
  const clean = await logInFrom('10.2.0.1', { email: 'admin', password: ADMIN_PASSWORD })
  assert.equal(clean.status, 200)
})

it('logins by address have a limit of their own for each network, which wrong passwords do not use up', async () => {
  for (let attempt = 1; attempt <= 12; attempt++) await guess('10.3.0.1')
  const byAddress = () => logInFrom('10.3.0.1', { email: LI_WEI })
  for (let login = 1; login <= 120; login++) assert.equal((await byAddress()).status, 200)
  const { status, body, headers } = await byAddress()
  assert.deepEqual([status, body.code], [429, 'too_many_requests'])
  assert.ok(Number(headers.get('retry-after')) >= 1)
  const page = await fetch(`${world.url}/login`, {
    method: 'POST',
    headers: { 'x-forwarded-for': '10.3.0.1' },
    body: new URLSearchParams({ email: LI_WEI }),
  })
  assert.equal(page.status, 429)
  assert.equal((await logInFrom('10.3.0.2', { email: LI_WEI })).status, 200)
})

it('logins that succeed, and addresses that are mistyped, are not counted', async () => {
  for (let attempt = 1; attempt <= 15; attempt++) {
    assert.equal((await logInFrom('10.0.0.8', { email: `user${attempt}@example.com` })).status, 200)
    assert.equal((await logInFrom('10.0.0.8', { email: 'li.wei@' })).status, 400)
  }
  assert.equal((await guess('10.0.0.8')).status, 401)
})

it('an IPv6 network counts as one address', () => {
  assert.equal(networkOf('2001:db8:1:2:3:4:5:6'), networkOf('2001:db8:1:2:ffff::1'))
  assert.notEqual(networkOf('2001:db8:1:2::1'), networkOf('2001:db8:1:3::1'))
  assert.equal(networkOf('::1'), '0:0:0:0::/64')
  assert.equal(networkOf('::ffff:10.0.0.1'), '10.0.0.1')
  assert.equal(networkOf('fe80::1%eth0'), 'fe80:0:0:0::/64')
  assert.equal(networkOf(null), 'unknown')
})
