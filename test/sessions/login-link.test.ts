import assert from 'node:assert/strict'
import test, { after } from 'node:test'
import { Visitor } from '../http/visitor.ts'
import { startNeighbours } from '../neighbours/index.ts'
import { LI_WEI, mailEnvironment, startWorld, WANG_FANG } from '../world/index.ts'

const neighbours = await startNeighbours({ testServer: { canned: true, minPhaseMs: 0 } })
after(() => neighbours.close())
const world = await startWorld({
  env: { ...mailEnvironment(neighbours), LOGIN_MODE: 'link', ADMIN_EMAILS: 'boss@example.com' },
})

async function tokenSentTo(email: string): Promise<string> {
  const mail = await neighbours.mailSink.waitForMail(({ recipients }) => recipients.includes(email))
  const link = /http:\/\/crat\.example(\/login\/link\?token=\S+)/.exec(mail.text ?? '')?.[1]
  assert.ok(link, mail.text ?? 'a mail without text')
  return new URL(link, world.url).searchParams.get('token') ?? ''
}

test('the address alone lets nobody in: the mailed link does, once', async () => {
  const browser = new Visitor(world.url)
  const sent = await browser.submit('/login', { email: LI_WEI })
  assert.match(sent.html, /on its way to li\.wei@example\.com/)
  assert.match((await browser.open('/tests')).path, /^\/login/)

  const token = await tokenSentTo(LI_WEI)
  const link = `/login/link?token=${token}`
  // Opening it, as scanners of mail do, does not use it up.
  await browser.open(link)
  await browser.open(link)
  assert.equal((await browser.submit('/login/link', { token })).path, '/tests')

  const again = await browser.submit('/login/link', { token })
  assert.equal(again.status, 401)
  assert.match(again.html, /role="alert"/)
})

test('a link works only in the browser that asked for it, and is not used up elsewhere', async () => {
  const browser = new Visitor(world.url)
  await browser.submit('/login', { email: 'sun.li@example.com', next: '/runs' })
  const token = await tokenSentTo('sun.li@example.com')

  const stranger = new Visitor(world.url)
  await stranger.submit('/login', { email: 'stranger@example.com' })
  for (const other of [stranger, new Visitor(world.url)]) {
    const refused = await other.submit('/login/link', { token })
    assert.equal(refused.status, 401)
    assert.match(refused.html, /only in the browser that asked for it/)
  }
  const { db } = world.crat.ctx
  const audited = await db.auditEntry.findMany({
    where: { action: 'log in failed', actor: 'sun.li@example.com' },
  })
  assert.deepEqual(
    audited.map(({ after }) => after),
    Array(2).fill({ method: 'link', reason: 'login_link_elsewhere' }),
  )
  assert.equal((await browser.submit('/login/link', { token })).path, '/runs', 'where they were')
})

test('who is named in ADMIN_EMAILS is an admin by the link', async () => {
  const browser = new Visitor(world.url)
  await browser.submit('/login', { email: 'boss@example.com', next: '/settings/audit' })
  const page = await browser.submit('/login/link', { token: await tokenSentTo('boss@example.com') })
  assert.deepEqual([page.status, page.path], [200, '/settings/audit'])
  assert.match(page.html, /boss@example\.com/)
})

test('a link is told to its owner alone: it does not stand in the outbox', async () => {
  await new Visitor(world.url).submit('/login', { email: WANG_FANG })
  await tokenSentTo(WANG_FANG)
  assert.equal(await world.crat.ctx.db.notification.count(), 0)
})

test('a mail server that refuses is told, with what was typed', async () => {
  neighbours.mailSink.refuseNext({ at: 'recipient', code: 550, message: 'No such mailbox' })
  const page = await new Visitor(world.url).submit('/login', { email: 'nobody@example.com' })
  assert.equal(page.status, 502)
  assert.match(page.html, /No such mailbox/)
  assert.match(page.html, /value="nobody@example\.com"/)
})

test('nobody floods somebody else with links', async () => {
  const ask = (email: string) => new Visitor(world.url).submit('/login', { email })
  for (let mail = 1; mail <= 5; mail += 1) assert.equal((await ask('zhao.lei@example.com')).status, 200)
  const refused = await ask('zhao.lei@example.com')
  assert.equal(refused.status, 429)
  assert.match(refused.html, /mailed to zhao\.lei@example\.com just now/)
  assert.equal((await ask('sun.yan@example.com')).status, 200)
})

test('nor does one network ask for many', async () => {
  const { db } = world.crat.ctx
  await db.loginLink.deleteMany()
  const ask = (index: number) => new Visitor(world.url).submit('/login', { email: `p${index}@example.com` })
  const asked = await Promise.all(Array.from({ length: 24 }, (_, index) => ask(index)))
  assert.equal(asked.filter(({ status }) => status === 200).length, 20)
  const refused = asked.find(({ status }) => status === 429)
  assert.equal(refused?.headers.get('retry-after'), '900')
  assert.match(refused?.html ?? '', /asked for from your network/)
})
