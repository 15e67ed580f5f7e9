import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { lastTime } from '../../src/digests/digest-times.ts'
import { sendDigests } from '../../src/digests/send-digests.ts'
import { getSettings } from '../../src/settings/settings.ts'
import { runsOf } from '../channels/finished-runs.ts'
import { LI_WEI, openWorld, startWorld, WANG_FANG } from '../world/index.ts'

const env = { ROLE: 'web', ALLOWED_EMAIL_DOMAINS: 'example.com' }
const world = await startWorld({ env })
const processes = [world, await openWorld(world.dataDir, world.databaseUrl, { env })]
const { admin, liWei, crat } = world
const { db } = crat.ctx
const wangFang = await world.logIn(WANG_FANG)
const DAY_MS = 24 * 3_600_000

await admin.put('/settings', { digest_weekday: 'monday', digest_hour: 8, digest_timezone: 'Asia/Shanghai' })
const addItem = async (name: string) => (await admin.post('/test-items', { name })).body.data.id
const [followed, other]: [number, number] = [await addItem('followed'), await addItem('other')]

/** The next time of the digest: runs that end now belong to it. */
const settings = await getSettings(db)
const due = lastTime(settings, new Date(Date.now() + 7 * DAY_MS)) ?? assert.fail('no time')
const weeks = (count: number) => new Date(due.getTime() + count * 7 * DAY_MS)

const places = ({ publicUrl, allowedEmailDomains }: typeof crat.ctx.config) => ({
  publicUrl,
  allowedEmailDomains,
})

/** The timetable, in each process at once. */
const tick = async (now: Date) => {
  const sent = await Promise.all(
    processes.flatMap(({ crat: { ctx } }) =>
      [1, 2].map(() => sendDigests({ ...ctx, ...places(ctx.config) }, now)),
    ),
  )
  return sent.filter(Boolean).length
}
const digests = () =>
  db.notification.findMany({ where: { event: 'digest.week' }, orderBy: { recipient: 'asc' } })

describe('the weekly digest', () => {
  it('is due at the hour of its day, in the time zone of the settings', () => {
    const at = (text: string) => lastTime(settings, new Date(text))?.toISOString()
    assert.equal(at('2026-11-23T00:00:00Z'), '2026-11-23T00:00:00.000Z')
    assert.equal(at('2026-11-22T23:59:59Z'), '2026-11-16T00:00:00.000Z')
    const berlin = { ...settings, digest_timezone: 'Europe/Berlin', digest_weekday: 'sunday' } as const
    assert.equal(
      lastTime(berlin, new Date('2026-10-25T12:00:00Z'))?.toISOString(),
      '2026-10-25T07:00:00.000Z',
    )
  })

  it('is sent once a week to those who asked, of what they follow or of all', async () => {
    await liWei.put('/digest', { items: 'watched' })
    await liWei.put(`/test-items/${followed}/watch`)
    await wangFang.call('PUT', '/digest', { items: 'all' }, { 'accept-language': 'zh-CN' })
    await db.digestSubscription.create({ data: { email: 'left@elsewhere.example', allItems: true } })
    const list = { kind: 'mail', recipients: ['a@example.com', 'b@example.com'], test_item_ids: [other] }
    await admin.post('/channels', { name: 'list', events: ['digest'], ...list })
    await runsOf(world, followed).ends({ login: 'passed', purge: 'passed' })
    await runsOf(world, other).ends({ login: 'failed' })
    await runsOf(world, other).fails()
    assert.equal(await tick(new Date(due.getTime() - 1)), 0)
    assert.equal(await tick(due), 1)
    assert.equal(await tick(new Date(due.getTime() + DAY_MS)), 0)
    const mails = await digests()
    const recipients = mails.map(({ recipient }) => recipient)
    assert.deepEqual(recipients, ['a@example.com', 'b@example.com', LI_WEI, WANG_FANG])
    const [listed, , own, all] = mails
    assert.match(own?.text ?? '', /1 run last week[\s\S]*Passed: 1[\s\S]*followed: 1 of 1 passed/)
    assert.match(own?.text ?? '', /Slowest tests\n- Cache › login: 5ms/)
    assert.doesNotMatch(own?.text ?? '', /other/)
    assert.match(all?.subject ?? '', /上周 3 次运行/)
    assert.match(all?.text ?? '', /因错误停止: 1/)
    assert.match(listed?.text ?? '', /2 runs last week[\s\S]*Wait in the queue/)
    for (const mail of mails) assert.ok(mail.unsubscribeUrl && mail.html.includes(mail.unsubscribeUrl))
  })

  it('ends for one person, or one address of a list, by the link in the mail', async () => {
    for (const { recipient, unsubscribeUrl } of await digests())
      if (recipient !== 'b@example.com' && recipient !== WANG_FANG)
        await fetch(world.url + new URL(unsubscribeUrl ?? '').pathname, { method: 'POST' })
    assert.deepEqual((await liWei.get('/digest')).body.data, { items: null })
    assert.deepEqual((await wangFang.get('/digest')).body.data, { items: 'all' })
    const [{ recipients }] = (await admin.get('/channels')).body.data
    assert.deepEqual(recipients, ['a@example.com', 'b@example.com'], 'other mails of the list stay')
  })

  it('is made up once after an outage, and not sent of a week without runs', async () => {
    await db.notification.deleteMany({ where: { event: 'digest.week' } })
    const next = { finishedAt: new Date(weeks(3).getTime() - DAY_MS) }
    await db.run.updateMany({ where: { testItemId: other }, data: next })
    assert.equal(await tick(new Date(weeks(3).getTime() + 2 * DAY_MS)), 1)
    assert.deepEqual(
      (await digests()).map(({ recipient }) => recipient),
      ['b@example.com', WANG_FANG],
    )
    assert.equal(await tick(weeks(4)), 1)
    assert.equal((await digests()).length, 2)
  })

  it('is of all runs since the last one, also where an admin moves its day', async () => {
    await db.notification.deleteMany({ where: { event: 'digest.week' } })
    const last = weeks(4)
    const afterIt = { finishedAt: new Date(last.getTime() + DAY_MS) }
    await db.run.updateMany({ where: { testItemId: other }, data: afterIt })
    await admin.put('/settings', { digest_weekday: 'thursday' })
    assert.equal(await tick(new Date(last.getTime() + 10 * DAY_MS)), 1)
    assert.equal((await digests()).length, 2)
  })

  it('of a list is had again by who is removed and added again', async () => {
    const [{ id }] = (await admin.get('/channels')).body.data
    await admin.put(`/channels/${id}`, { recipients: ['b@example.com'] })
    await admin.put(`/channels/${id}`, { recipients: ['a@example.com', 'b@example.com'] })
    assert.deepEqual((await db.channel.findUniqueOrThrow({ where: { id } })).digestLeft, [])
  })
})
