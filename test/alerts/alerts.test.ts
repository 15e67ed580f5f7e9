import assert from 'node:assert/strict'
import { beforeEach, describe, it } from 'node:test'
import { evaluateMissingRuns } from '../../src/alerts/evaluate-alerts.ts'
import { runsOf } from '../channels/finished-runs.ts'
import { errorOf, Visitor, ZHANG_HUA } from '../http/visitor.ts'
import { ADMIN_PASSWORD, startWorld } from '../world/index.ts'

const world = await startWorld({ env: { ROLE: 'web' } })
const { admin, liWei, crat } = world
const { db } = crat.ctx
const TEAM = 'team@example.com'
const DAY_MS = 24 * 3_600_000

let item = 0
let items = 0
beforeEach(async () => {
  await db.alertRule.deleteMany()
  items += 1
  item = (await admin.post('/test-items', { name: `cds ${items}` })).body.data.id
})

async function addRule(rule: object): Promise<number> {
  const { status, body } = await admin.post('/alert-rules', {
    ...{ name: `rule ${items}`, test_item_ids: [item], recipients: [TEAM] },
    ...rule,
  })
  assert.equal(status, 201, JSON.stringify(body))
  return body.data.id
}

/** The notifications, oldest first. */
const notified = async () => {
  const rows = await db.notification.findMany({
    where: { event: { startsWith: 'alert.' }, subject: { contains: `cds ${items}` } },
    orderBy: { id: 'asc' },
  })
  return rows.map(({ event, recipient }) => `${event} ${recipient}`)
}

const good = { a: 'passed', b: 'skipped' } as const
const bad = { a: 'passed', b: 'failed' } as const

describe('a pass rate below the limit', () => {
  it('is announced when it was so twice in a row, and when it is over, and not in between', async () => {
    const rule = await addRule({ kind: 'pass_rate', threshold: 60 })
    const runs = runsOf(world, item)
    await runs.ends(good)
    await runs.ends(bad)
    assert.deepEqual(await notified(), [])
    await runs.ends(bad)
    await runs.fails()
    await runs.ends(bad)
    assert.deepEqual(await notified(), [`alert.begins ${TEAM}`])
    const active = (await liWei.get('/alert-rules')).body.data[0]
    assert.deepEqual([active.id, active.alerts[0].test_item_id], [rule, item])
    assert.deepEqual(active.recipients, ['••••••@example.com'])
    await runs.ends(good)
    await runs.ends(good)
    assert.deepEqual(await notified(), [`alert.begins ${TEAM}`, `alert.over ${TEAM}`])
  })

  it('is announced once where several runs end at once', async () => {
    await addRule({ kind: 'pass_rate', threshold: 60 })
    const runs = runsOf(world, item)
    await Promise.all(Array.from({ length: 6 }, () => runs.ends(bad)))
    assert.deepEqual(await notified(), [`alert.begins ${TEAM}`])
    await Promise.all(Array.from({ length: 6 }, () => runs.ends(good)))
    assert.deepEqual(await notified(), [`alert.begins ${TEAM}`, `alert.over ${TEAM}`])
  })

  it('goes to channels, each address once', async () => {
    const list = { name: `list ${items}`, kind: 'mail', recipients: [TEAM], events: [], language: 'zh-CN' }
    const channel = (await admin.post('/channels', list)).body.data.id
    const hook = { name: `hook ${items}`, kind: 'webhook', url: 'http://127.0.0.1:1/', events: [] }
    const webhook = (await admin.post('/channels', hook)).body.data.id
    await addRule({ kind: 'pass_rate', threshold: 60, channel_ids: [channel, webhook] })
    const runs = runsOf(world, item)
    await runs.ends(bad)
    const run = await runs.ends(bad)
    assert.deepEqual((await notified()).sort(), [`alert.begins hook ${items}`, `alert.begins ${TEAM}`])
    const where = { runId: run, event: 'alert.begins' }
    const [first, second] = await db.notification.findMany({ where, orderBy: { kind: 'asc' } })
    assert.match(first?.subject ?? '', /通过率 50%/)
    const { body } = (second ?? assert.fail('no webhook')).payload as {
      body: { alert: object; test_item: { id: number } }
    }
    assert.deepEqual(body.test_item.id, item)
    assert.deepEqual(body.alert, { rule: `rule ${items}`, kind: 'pass_rate', threshold: 60, holds: true })
  })

  it('ends without a message where the rule is switched off, changed or deleted', async () => {
    const rule = await addRule({ kind: 'pass_rate', threshold: 60 })
    const runs = runsOf(world, item)
    for (const end of [{ enabled: false }, { threshold: 55 }, null]) {
      await admin.put(`/alert-rules/${rule}`, { enabled: true, threshold: 60 })
      await runs.ends(bad)
      await runs.ends(bad)
      assert.equal(await db.alert.count({ where: { ruleId: rule } }), 1)
      const before = await notified()
      if (end) await admin.put(`/alert-rules/${rule}`, end)
      else await admin.delete(`/alert-rules/${rule}`)
      assert.equal(await db.alert.count({ where: { ruleId: rule } }), 0)
      assert.deepEqual(await notified(), before)
    }
  })
})

describe('a run that takes twice as long as usual', () => {
  const ends = (minutes: number) => runsOf(world, item).ends(good, new Date(Date.now() - minutes * 60_000))

  it('is announced with the usual time, and when it is over', async () => {
    await addRule({ kind: 'duration' })
    for (const minutes of [10, 12, 11, 19]) await ends(minutes)
    assert.deepEqual(await notified(), [])
    await ends(30)
    await ends(40)
    assert.deepEqual(await notified(), [`alert.begins ${TEAM}`])
    const [mail] = await db.notification.findMany({
      where: { event: 'alert.begins' },
      orderBy: { id: 'desc' },
    })
    assert.match(mail?.text ?? '', /usually take 11m 30s/)
    await ends(12)
    assert.deepEqual(await notified(), [`alert.begins ${TEAM}`, `alert.over ${TEAM}`])
  })
})

describe('an item that is not tested', () => {
  const now = new Date()
  const later = (days: number) => new Date(now.getTime() + days * DAY_MS)
  const alerter = { ...crat.ctx, publicUrl: 'http://crat.example' }
  /** The timetable, in three processes at once. */
  const tick = (at: Date) => Promise.all([1, 2, 3].map(() => evaluateMissingRuns(alerter, at)))

  it('is announced once after so many days, and when it is tested again', async () => {
    await addRule({ kind: 'no_run', threshold: 3 })
    await tick(later(10))
    assert.deepEqual(await notified(), [], 'it has never run')
    await runsOf(world, item).ends(good)
    await tick(later(2.9))
    assert.deepEqual(await notified(), [])
    await tick(later(3.1))
    await tick(later(4))
    assert.deepEqual(await notified(), [`alert.begins ${TEAM}`])
    await runsOf(world, item).queued(later(4.5))
    await tick(later(5))
    assert.deepEqual(await notified(), [`alert.begins ${TEAM}`, `alert.over ${TEAM}`])
  })

  it('can be deleted meanwhile', async () => {
    const rule = await addRule({ kind: 'no_run', threshold: 3 })
    await runsOf(world, item).ends(good)
    await tick(later(4))
    const { status } = await admin.delete(`/test-items/${item}`)
    assert.equal(status, 200)
    await tick(later(5))
    assert.deepEqual(await notified(), [`alert.begins ${TEAM}`])
    assert.equal(await db.alert.count({ where: { ruleId: rule } }), 0)
  })
})

describe('an alert rule', () => {
  it('is refused with what is wrong', async () => {
    const rule = { name: 'x', kind: 'pass_rate', threshold: 90 }
    const wrong: [object, string][] = [
      [{ ...rule, kind: 'moon' }, 'kind'],
      [{ ...rule, threshold: 101 }, 'threshold'],
      [{ name: 'x', kind: 'no_run' }, 'threshold'],
      [{ ...rule, test_item_ids: [99_999] }, 'test_item_ids.0'],
      [{ ...rule, channel_ids: [99_999] }, 'channel_ids.0'],
      [{ ...rule, recipients: ['nobody'] }, 'recipients.0'],
    ]
    for (const [input, path] of wrong) {
      const { status, body } = await admin.post('/alert-rules', input)
      assert.deepEqual([status, body.details?.[0].path], [400, path], JSON.stringify(input))
    }
    const id = await addRule(rule)
    assert.equal((await admin.put(`/alert-rules/${id}`, { threshold: 101 })).status, 400)
    assert.equal((await admin.post('/alert-rules', rule)).status, 409)
    assert.equal((await admin.put('/alert-rules/99999', {})).status, 404)
  })

  it('is added, changed and deleted with forms', async () => {
    const visitor = await new Visitor(world.url).logIn(ZHANG_HUA, ADMIN_PASSWORD)
    await visitor.open('/settings/alerts')
    const form = { name: 'Slow <b>', kind: 'pass_rate', threshold: '95', language: 'en', enabled: 'on' }
    const refused = await visitor.submit('/settings/alerts', { ...form, threshold: '0' })
    assert.equal(refused.status, 400)
    assert.ok(errorOf(refused.html, 'threshold'))
    const added = await visitor.submit('/settings/alerts', { ...form, [`item_${item}`]: 'on' })
    assert.match(added.html, /Slow &lt;b&gt;/)
    const [rule] = (await admin.get('/alert-rules')).body.data
    assert.deepEqual([rule.threshold, rule.test_item_ids, rule.enabled], [95, [item], true])
    const page = await visitor.submit(`/settings/alerts/${rule.id}`, {
      name: 'Slow',
      threshold: '90',
      language: 'en',
    })
    assert.match(page.html, /Alert rule Slow is saved/)
    assert.match((await visitor.submit(`/settings/alerts/${rule.id}/delete`)).html, /No alert rules yet/)
  })
})
