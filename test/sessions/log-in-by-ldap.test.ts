import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import { Visitor } from '../http/visitor.ts'
import { ADMIN_GROUP, BASE, SERVICE, startDirectory } from '../neighbours/directory.ts'
import { ADMIN_PASSWORD, startWorld } from '../world/index.ts'

const directory = await startDirectory()
after(() => directory.close())
const world = await startWorld({
  env: {
    ...{ ROLE: 'web', LOGIN_MODE: 'ldap', ALLOWED_EMAIL_DOMAINS: 'example.com', TRUST_PROXY: 'loopback' },
    ...{ LDAP_URL: directory.url, LDAP_BIND_DN: SERVICE.dn, LDAP_BIND_PASSWORD: SERVICE.password },
    ...{
      LDAP_SEARCH_BASE: `ou=people,${BASE}`,
      LDAP_ADMIN_GROUP: ADMIN_GROUP,
      ADMIN_EMAILS: 'boss@example.com',
    },
    LDAP_FILTER: '(|(mail={{login}})(uid={{login}}))',
  },
})
const { db } = world.crat.ctx

const logIn = (email: string, password?: string, ip = '10.0.0.1') =>
  world.anyone.call('POST', '/auth/login', { email, password }, { 'x-forwarded-for': ip })

describe('with name and password of the directory', () => {
  it('people are who the directory says, members of the group admins', async () => {
    const liWei = await logIn('Li.Wei', 'password of li.wei')
    assert.deepEqual(
      [liWei.status, liWei.body.email, liWei.body.is_admin],
      [200, 'li.wei@example.com', false],
    )
    const zhangHua = await logIn('zhang.hua@example.com', 'password of zhang.hua')
    assert.deepEqual([zhangHua.body.email, zhangHua.body.is_admin], ['zhang.hua@example.com', true])
    const boss = await logIn('boss', 'password of boss')
    assert.equal(boss.body.is_admin, true, 'named in ADMIN_EMAILS')
  })

  it('on the page as well', async () => {
    const page = await new Visitor(world.url).submit('/login', {
      ...{ email: 'li.wei', password: 'password of li.wei', next: '/runs' },
    })
    assert.deepEqual([page.status, page.path], [200, '/runs'])
    const wrong = await new Visitor(world.url).submit('/login', { email: 'li.wei', password: 'guess' })
    assert.equal(wrong.status, 401)
    assert.match(wrong.html, /The name or the password is wrong/)
    assert.match(wrong.html, /value="li\.wei"/)
  })

  it('addresses of other domains stay out', async () => {
    const { status, body } = await logIn('guest', 'password of guest')
    assert.deepEqual([status, body.code], [403, 'domain_not_allowed'])
  })

  it('without a password nobody comes in', async () => {
    const { status, body } = await logIn('li.wei@example.com')
    assert.deepEqual([status, body.code], [401, 'login_needs_password'])
  })
})

it('the admin’s password needs its own name, and is audited', async () => {
  const other = await logIn('li.wei', ADMIN_PASSWORD)
  assert.deepEqual([other.status, other.body.code], [401, 'wrong_directory_login'])
  const { status, body } = await logIn('admin', ADMIN_PASSWORD, '10.0.0.2')
  assert.deepEqual([status, body.email, body.is_admin], [200, 'admin', true])
  const used = await db.auditEntry.findFirstOrThrow({ where: { action: 'log in with password' } })
  assert.deepEqual([used.actor, used.ip], ['admin', '10.0.0.2'])
})

it('wrong passwords are counted for the account, too: its owner comes in from a clean address', async () => {
  for (let ip = 1; ip <= 4; ip++)
    for (let attempt = 1; attempt <= 8; attempt++) await logIn('chen.jie', 'guess', `10.1.0.${ip}`)
  assert.equal((await logIn('chen.jie', 'password of chen.jie', '10.1.0.1')).status, 429)
  assert.equal((await logIn('li.wei', 'password of li.wei', '10.1.0.1')).status, 200, 'another account')
  assert.equal((await logIn('chen.jie', 'password of chen.jie', '10.1.0.99')).status, 200)
})

it('a directory that does not answer is no wrong password', async () => {
  await directory.close()
  for (let attempt = 1; attempt <= 12; attempt++) {
    const { status, body } = await logIn('li.wei', 'password of li.wei', '10.2.0.1')
    assert.deepEqual([status, body.code], [502, 'failed'])
  }
  assert.equal((await logIn('admin', ADMIN_PASSWORD, '10.2.0.1')).status, 200)
})
