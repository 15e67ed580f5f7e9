import assert from 'node:assert/strict'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import type { Transaction } from '../../src/database/client.ts'
import { deliverMail } from '../../src/notifications/deliver-mail.ts'
import { addressOf } from '../../src/notifications/notify-author.ts'
import { createUnsubscribeLinks } from '../../src/notifications/unsubscribe-links.ts'
import { recordEvent } from '../../src/runs/record-event.ts'
import { runsOf } from '../channels/finished-runs.ts'
import { Visitor } from '../http/visitor.ts'
import { startMailSink } from '../neighbours/mail-sink.ts'
import { CORE, coreBuild, LI_WEI, startWorld, WANG_FANG } from '../world/index.ts'

const sink = await startMailSink({ folder: await mkdtemp(join(tmpdir(), 'crat-mails-')) })
after(() => sink.close())
const world = await startWorld({
  env: {
    ...{
      EMAIL_SEND_SERVER: sink.host,
      EMAIL_SEND_SERVER_PORT: `${sink.port}`,
      EMAIL_SEND_FROM: 'crat@example.com',
    },
    ...{ ALLOWED_EMAIL_DOMAINS: 'example.com', ROLE: 'web' },
  },
})
const { admin, liWei, crat } = world
const { db, unsubscribeLinks } = crat.ctx
const wangFang = await world.logIn(WANG_FANG)
const item: number = (await admin.post('/test-items', { name: 'cds', associated_job_name: CORE })).body.data
  .id
const runs = runsOf(world, item)

const recipientsOf = async (runId: number) =>
  (await db.notification.findMany({ where: { runId }, orderBy: { recipient: 'asc' } })).map(
    row => row.recipient,
  )
/** As the mail server got it. */
async function mailTo(recipient: string, runId: number) {
  const { id } = await db.notification.findFirstOrThrow({ where: { recipient, runId } })
  await deliverMail({ ...crat.ctx, store: crat.ctx, sender: null }, id, true)
  const mail = sink.mails.at(-1)
  assert.deepEqual(mail?.recipients, [recipient])
  return mail
}
const headerOf = ({ headers }: { headers: { key: string; value: string }[] }, name: string) =>
  headers.find(({ key }) => key === name)?.value
const pathOf = (url = '') => new URL(url).pathname
const post = (path: string, headers = {}) =>
  fetch(world.url + path, {
    ...{ method: 'POST', redirect: 'manual', headers },
    body: new URLSearchParams({ 'List-Unsubscribe': 'One-Click' }),
  })

describe('who follows a test item', () => {
  it('is mailed at the end of each run, in their language, beside who triggered', async () => {
    const headers = { 'accept-language': 'zh-CN' }
    await wangFang.call('PUT', `/test-items/${item}/watch`, undefined, headers)
    const run = await runs.ends({ login: 'passed' })
    assert.deepEqual(await recipientsOf(run), [LI_WEI, WANG_FANG])
    const mail = await mailTo(WANG_FANG, run)
    assert.match(mail.subject ?? '', /通过/)
    assert.match(mail.text ?? '', /您关注了 cds/)
    assert.equal(headerOf(await mailTo(LI_WEI, run), 'list-unsubscribe'), undefined)
    const { data } = (await wangFang.get('/watches')).body
    assert.deepEqual([data[0].test_item_id, data[0].name, data.length], [item, 'cds', 1])
  })

  it('has one mail where they triggered it themselves, or follow the run as well', async () => {
    await liWei.put(`/test-items/${item}/watch`)
    const run = await runs.ends({ login: 'passed' })
    assert.deepEqual(await recipientsOf(run), [LI_WEI, WANG_FANG])
    const queued = await runs.queued(new Date())
    await wangFang.put(`/deploy-test-runs/${queued.id}/watch`)
    await admin.post(`/deploy-test-runs/${queued.id}/cancel`)
    assert.deepEqual(await recipientsOf(queued.id), [LI_WEI, WANG_FANG])
    assert.match((await mailTo(WANG_FANG, queued.id)).text ?? '', /you follow this run of cds/)
    await liWei.delete(`/test-items/${item}/watch`)
    const { data } = (await wangFang.get('/watches')).body
    assert.equal(data.length, 1, 'the watch of a run ends with it')
  })

  it('is mailed of runs that start by themselves, and not of those replaced in the queue', async () => {
    const [waiting, started] = [await runs.queued(new Date()), await runs.queued(new Date())]
    const both = { id: { in: [waiting.id, started.id] } }
    await db.run.updateMany({ where: both, data: { trigger: 'build', triggeredBy: 'trigger:build' } })
    await db.run.update({ where: { id: started.id }, data: { startedAt: new Date() } })
    for (const { id } of [waiting, started]) await admin.post(`/deploy-test-runs/${id}/cancel`)
    assert.deepEqual(await recipientsOf(waiting.id), [])
    assert.deepEqual(await recipientsOf(started.id), [WANG_FANG])
  })

  it('is not mailed at an address that may no longer log in', async () => {
    await db.watch.create({ data: { email: 'left@elsewhere.example', testItemId: item } })
    assert.deepEqual(await recipientsOf(await runs.fails()), [LI_WEI, WANG_FANG])
    await db.watch.deleteMany({ where: { email: 'left@elsewhere.example' } })
  })

  it('is mailed also where they follow the run while it ends', async () => {
    const late = 'zhao.min@example.com'
    const run = await runs.queued(new Date())
    const follow = async (tx: Transaction) =>
      void (await tx.watch.create({ data: { email: late, runId: run.id } }))
    await recordEvent(crat.ctx, run, { type: 'cancelled', by: 'admin' }, undefined, follow)
    assert.deepEqual(await recipientsOf(run.id), [LI_WEI, late])
    assert.equal(await db.watch.count({ where: { email: late } }), 0)
  })

  it('cannot follow what is not there, or has ended', async () => {
    assert.equal((await liWei.put('/test-items/999/watch')).status, 404)
    assert.equal((await liWei.put('/deploy-test-runs/999/watch')).status, 404)
    const ended = await runs.ends({ login: 'passed' })
    const { status, body } = await liWei.put(`/deploy-test-runs/${ended}/watch`)
    assert.deepEqual([status, body.code], [409, 'run_has_ended'])
  })
})

describe('the link that ends it', () => {
  it('is in the header, for one click, and in the words of the mail', async () => {
    const run = await runs.ends({ login: 'passed' })
    const mail = await mailTo(WANG_FANG, run)
    assert.equal(headerOf(mail, 'list-unsubscribe-post'), 'List-Unsubscribe=One-Click')
    const [, url = ''] =
      /^<(http:\/\/crat\.example\/unsubscribe\/[\w.-]+)>$/.exec(headerOf(mail, 'list-unsubscribe') ?? '') ??
      []
    assert.ok(mail.text?.includes(url) && mail.html?.includes(`href="${url}"`), 'not in the words')
    const page = await fetch(world.url + pathOf(url))
    assert.equal(page.status, 200)
    assert.match(await page.text(), /<form method="post"/)
    assert.equal((await wangFang.get('/watches')).body.data.length, 1, 'a link that is opened ends nothing')
    const answer = await post(pathOf(url))
    assert.deepEqual([answer.status, answer.headers.getSetCookie()], [200, []])
    assert.deepEqual((await wangFang.get('/watches')).body.data, [])
    assert.equal((await post(pathOf(url))).status, 200, 'once more is no error')
    assert.deepEqual(await recipientsOf(await runs.ends({ login: 'passed' })), [LI_WEI])
  })

  it('is refused where it is forged, and ends only what it names', async () => {
    await wangFang.put(`/test-items/${item}/watch`)
    const [watch] = (await wangFang.get('/watches')).body.data
    const good = pathOf(unsubscribeLinks.urlOf(`watch:${watch.id}`))
    const [, signature] = good.split('.')
    const other = Buffer.from(`watch:${watch.id}0`).toString('base64url')
    const foreign = createUnsubscribeLinks(['another secret'], '').urlOf(`watch:${watch.id}`)
    const forged = [
      `/unsubscribe/${other}.${signature}`,
      good.slice(0, -1),
      `${good}x`,
      foreign,
      '/unsubscribe/x',
    ]
    for (const path of forged) assert.equal((await post(path)).status, 404, path)
    const others = pathOf(unsubscribeLinks.urlOf(`watch:${watch.id + 1}`))
    assert.equal((await post(others)).status, 200)
    assert.equal((await post(good, { origin: 'https://evil.example' })).status, 403)
    assert.equal((await wangFang.get('/watches')).body.data.length, 1)
  })

  it('holds after the secret of the server has changed', () => {
    const url = createUnsubscribeLinks(['old'], 'http://crat.example').urlOf('watch:1')
    const token = url.slice(url.lastIndexOf('/') + 1)
    assert.equal(createUnsubscribeLinks(['new', 'old'], '').read(token), 'watch:1')
    assert.equal(createUnsubscribeLinks(['new'], '').read(token), null)
  })
})

describe('an example to a list of addresses', () => {
  it('tries all of them, names those refused, and is in the audit log', async () => {
    const list = { name: 'list', kind: 'mail', recipients: [LI_WEI, WANG_FANG, 'chen.jie@example.com'] }
    const { id } = (await admin.post('/channels', list)).body.data
    sink.refuseNext({ at: 'recipient', code: 550, message: 'No such user here' })
    const { delivered, answer } = (await admin.post(`/channels/${id}/test`)).body.data
    assert.equal(delivered, false)
    assert.match(answer, new RegExp(`^${LI_WEI}: .*No such user here`))
    const got = sink.mails.slice(-2).map(({ recipients }) => recipients[0])
    assert.deepEqual(got, [WANG_FANG, 'chen.jie@example.com'])
    const [entry] = (await admin.get('/audit')).body.data
    assert.deepEqual([entry.action, entry.subject], ['send example', 'list'])
    await admin.delete(`/channels/${id}`)
  })
})

describe('the pages', () => {
  it('follow and unfollow without scripts', async () => {
    const visitor = await new Visitor(world.url).logIn('zhao.min@example.com')
    assert.match((await visitor.open('/own-mails')).html, /You follow nothing/)
    const page = await visitor.open(`/tests/${item}`)
    assert.match(page.html, /Follow/)
    assert.match((await visitor.submit(`/tests/${item}/watch`, { watched: 'on' })).html, /Unfollow/)
    const run = await runs.queued(new Date())
    await visitor.submit(`/runs/${run.id}/watch`, { watched: 'on' })
    const own = await visitor.open('/own-mails')
    assert.ok(own.html.includes(`href="/runs/${run.id}"`) && own.html.includes(`href="/tests/${item}"`))
    const back = { back: '/own-mails' }
    await visitor.submit(`/runs/${run.id}/watch`, back)
    assert.match((await visitor.submit(`/tests/${item}/watch`, back)).html, /You follow nothing/)
  })
})

describe('whoever made a build', () => {
  it('is mailed of new failures where the item says so, and has an address that may log in', async () => {
    await admin.put('/settings', { build_user_domain: 'Example.COM' })
    const { body } = await world.anyone.post('/builds', coreBuild(101, { BUILD_USER: 'chen.jie' }))
    const ofBuild = runsOf(world, item, body.data.id)
    await admin.delete(`/test-items/${item}/watch`)
    await db.watch.deleteMany()
    await ofBuild.ends({ login: 'passed', purge: 'failed' })
    const off = await ofBuild.ends({ login: 'failed', purge: 'failed' })
    assert.deepEqual(await recipientsOf(off), [LI_WEI])
    await admin.put(`/test-items/${item}`, { notify_build_author: true })
    assert.deepEqual(await recipientsOf(await ofBuild.ends({ login: 'failed', purge: 'failed' })), [LI_WEI])
    await ofBuild.ends({ login: 'passed', purge: 'failed' })
    const run = await ofBuild.ends({ login: 'failed', purge: 'failed' })
    assert.deepEqual(await recipientsOf(run), ['chen.jie@example.com', LI_WEI])
    assert.match((await mailTo('chen.jie@example.com', run)).text ?? '', /because you made this build/)
  })

  it('is known by an address, or a name with the domain of the settings', () => {
    assert.equal(addressOf('Chen.Jie@Example.com', ''), 'chen.jie@example.com')
    assert.equal(addressOf('chen.jie', 'example.com'), 'chen.jie@example.com')
    for (const [user, domain] of [
      ['None', 'example.com'],
      ['chen.jie', ''],
      ['Chen Jie', 'example.com'],
    ])
      assert.equal(addressOf(user ?? '', domain ?? ''), null)
  })
})
