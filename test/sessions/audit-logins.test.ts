import assert from 'node:assert/strict'
import { it } from 'node:test'
import { cleanUpSessions } from '../../src/jobs/clean-up-sessions.ts'
import { Visitor, ZHANG_HUA } from '../http/visitor.ts'
import { ADMIN_PASSWORD, LI_WEI, startWorld } from '../world/index.ts'

const world = await startWorld({ env: { ROLE: 'web', ALLOWED_EMAIL_DOMAINS: 'example.com' } })
const { db } = world.crat.ctx

/** What was written down since `since`, oldest first. */
async function entriesAfter(since: number) {
  const entries = await db.auditEntry.findMany({ where: { id: { gt: since } }, orderBy: { id: 'asc' } })
  return entries.map(({ actor, action, subject, after, ip }) => ({ actor, action, subject, after, ip }))
}
const newest = async () => (await db.auditEntry.findFirst({ orderBy: { id: 'desc' } }))?.id ?? 0
const ip = '127.0.0.1'

it('a login and a logout are audited with their address', async () => {
  const since = await newest()
  const liWei = await world.logIn(LI_WEI)
  await liWei.post('/auth/logout')
  const page = await new Visitor(world.url).logIn(LI_WEI)
  await page.submit('/logout')
  const [actor, subject] = [LI_WEI, LI_WEI]
  const [login, logout] = [
    { actor, action: 'log in', subject, after: { method: 'email', admin: false }, ip },
    { actor, action: 'log out', subject, after: null, ip },
  ]
  assert.deepEqual(await entriesAfter(since), [login, logout, login, logout])
})

it('so is each use of the admin’s password, and each failure', async () => {
  const since = await newest()
  await world.logIn('boss@example.com', ADMIN_PASSWORD)
  await world.anyone.post('/auth/login', { email: 'boss@example.com', password: 'guess' })
  await world.anyone.post('/auth/login', { email: 'mallory@evil.com' })
  assert.deepEqual(
    (await entriesAfter(since)).map(({ actor, action, after }) => [actor, action, after]),
    [
      ['boss@example.com', 'log in with password', { method: 'password', admin: true }],
      ['boss@example.com', 'log in failed', { method: 'password', reason: 'wrong_password' }],
      ['mallory@evil.com', 'log in failed', { method: 'email', reason: 'domain_not_allowed' }],
    ],
  )
})

it('so is the end of a session, by an admin or by time', async () => {
  await world.logIn('chen.jie@example.com')
  const session = await db.session.findFirstOrThrow({ where: { email: 'chen.jie@example.com' } })
  const admin = await new Visitor(world.url).logIn(ZHANG_HUA, ADMIN_PASSWORD)
  await admin.open('/settings/sessions')
  const since = await newest()
  await admin.submit(`/settings/sessions/${session.id}/end`)
  await world.logIn('wu.lei@example.com')
  await db.session.updateMany({ where: { email: 'wu.lei@example.com' }, data: { expiresAt: new Date(0) } })
  await cleanUpSessions(world.crat.ctx)
  const ended = (await entriesAfter(since)).filter(({ action }) => action === 'end session')
  assert.deepEqual(
    ended.map(({ actor, subject, after, ip }) => [actor, subject, after, ip]),
    [
      [ZHANG_HUA, 'chen.jie@example.com', null, ip],
      ['wu.lei@example.com', 'wu.lei@example.com', { reason: 'not used' }, ip],
    ],
  )
})

it('the audit page has words for all of them', async () => {
  const admin = await new Visitor(world.url).logIn(ZHANG_HUA, ADMIN_PASSWORD)
  const { html } = await admin.open('/settings/audit')
  for (const words of ['log in with the admin password', 'log in failed', 'log out', 'end session'])
    assert.ok(html.includes(words), words)
})
