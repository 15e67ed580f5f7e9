import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import pMap from 'p-map'
import { notifyQueuedLong } from '../../src/channels/notify-queued-long.ts'
import { sendDeliveries } from '../../src/jobs/send-deliveries.ts'
import { CHAT_SERVICES, type ChatService, SECRET, startChatServices } from '../neighbours/chat/index.ts'
import { startWorld } from '../world/index.ts'
import { runsOf } from './finished-runs.ts'

const services = await startChatServices()
after(() => services.close())
// It drives no runs: the test ends them, and sends what is to be sent.
const world = await startWorld({ env: { ROLE: 'web' } })
const { admin, liWei } = world
const { ctx } = world.crat
const item = async (name: string) => (await admin.post('/test-items', { name })).body.data.id
const cds: number = await item('cds')
const runs = runsOf(world, cds)

const stop = new AbortController()
const { messenger, sealer, log, metrics, lifeline } = ctx
const sending = sendDeliveries({ store: ctx, messenger, sealer, log, metrics }, lifeline, stop.signal)
after(async () => {
  stop.abort()
  await sending
})

const EVERYTHING = ['failed', 'passed', 'unknown', 'error', 'recovered', 'queued_long', 'environment']

/** A channel that is gone after the test. */
async function channel(
  t: { after(end: () => unknown): void },
  kind: ChatService | 'mail',
  more: object = {},
) {
  const to = kind === 'mail' ? {} : { url: services.addressOf(kind), secret: SECRET }
  const input = { name: `${kind} ${Math.random()}`, kind, events: EVERYTHING, ...to, ...more }
  const { status, body } = await admin.post('/channels', input)
  assert.equal(status, 201, body.error)
  t.after(() => admin.delete(`/channels/${body.data.id}`))
  return body.data as { id: number; name: string }
}

const received = (kind: ChatService, part: string) =>
  services.waitForMessage(({ kind: of, text }) => of === kind && text.includes(part))

type Delivery = Record<string, never> & { id: number; status: string; channel_id: number; recipient: string }
const deliveriesOf = async (run: number): Promise<Delivery[]> =>
  (await liWei.get(`/deliveries?run_id=${run}&limit=100`)).body.data

async function until(run: number, of: { id: number }, fits: (delivery: Delivery) => boolean) {
  for (;;) {
    const delivery = (await deliveriesOf(run)).find(({ channel_id }) => channel_id === of.id)
    if (delivery && fits(delivery)) return delivery
    await pause(20)
  }
}

const link = (run: number) => `http://crat.example/runs/${run}`

describe('the end of a run', () => {
  it('is sent to every channel in its own form, with what changed by name', async t => {
    await runs.ends({ login: 'passed', logout: 'failed', purge: 'failed', 清除: 'passed' })
    for (const kind of CHAT_SERVICES) await channel(t, kind)
    const list = await channel(t, 'mail', { recipients: ['wang.fang@example.com', 'team@example.com'] })
    const run = await runs.ends({ login: 'failed', logout: 'passed', purge: 'failed', 清除: 'failed' })
    for (const kind of CHAT_SERVICES.filter(kind => kind !== 'webhook')) {
      const { text } = await received(kind, link(run))
      for (const part of ['cds #101', '2 tests fail that did not before', 'Cache › login', 'Cache › 清除'])
        assert.ok(text.includes(part), `${kind} does not get: ${part}`)
      assert.ok(!text.includes('Cache › purge'), `${kind} is told what failed before`)
      assert.match(text, /1 still fails · 1 fixed/)
      assert.match(text, /Triggered by: li\.wei@example\.com/)
    }
    const { text, headers } = await received('webhook', `"id":${run},`)
    const { event, delivery_id, run: shown, changes } = JSON.parse(text)
    assert.equal(event, 'run.finished')
    assert.equal(delivery_id, headers['x-crat-delivery'])
    assert.deepEqual([shown.status, shown.outcome, shown.test_item.name], ['COMPLETED', 'failed', 'cds'])
    const answered = (await liWei.get(`/deploy-test-runs/${run}`)).body.data
    assert.deepEqual(Object.keys(shown).sort(), Object.keys(answered).sort())
    assert.deepEqual(changes, {
      ...{ new_failures: ['Cache › login', 'Cache › 清除'], fixed: ['Cache › logout'], still_failing: 1 },
    })
    const mails = (await deliveriesOf(run)).filter(({ channel_id }) => channel_id === list.id)
    assert.deepEqual(mails.map(({ recipient }) => recipient).sort(), [
      'team@example.com',
      'wang.fang@example.com',
    ])
    const mail = await ctx.db.notification.findUniqueOrThrow({ where: { id: mails[0]?.id ?? 0 } })
    assert.match(mail.text, /Cache › login.*wrote this mail to the list/s)
  })

  it('is told in the language of the channel', async t => {
    await channel(t, 'slack', { language: 'zh-CN' })
    const { text } = await received('slack', link(await runs.ends({ login: 'passed' })))
    assert.match(text, /通过/)
  })

  it('is told to those that want to know of it, once each', async t => {
    const other = await item('other')
    const failed = await channel(t, 'webhook', { events: ['failed'] })
    const error = await channel(t, 'webhook', { events: ['error'] })
    const good = await channel(t, 'webhook', { events: ['passed', 'recovered'] })
    const recovered = await channel(t, 'webhook', { events: ['recovered'] })
    const unknown = await channel(t, 'webhook', { events: ['unknown'] })
    await channel(t, 'webhook', { test_item_ids: [other] })
    await channel(t, 'webhook', { enabled: false })
    const toldOf = async (run: number) =>
      (await deliveriesOf(run)).flatMap(({ channel_id }) => channel_id ?? []).sort((a, b) => a - b)

    await runs.ends({ login: 'passed' })
    assert.deepEqual(await toldOf(await runs.ends({ login: 'passed' })), [good.id])
    assert.deepEqual(await toldOf(await runs.ends({ login: 'failed' })), [failed.id])
    assert.deepEqual(await toldOf(await runs.ends({ login: 'passed' })), [good.id, recovered.id])
    assert.deepEqual(await toldOf(await runs.fails()), [error.id])
    assert.deepEqual(await toldOf(await runs.cancelled('MONITORING')), [unknown.id])
    assert.deepEqual(await toldOf(await runs.cancelled('PENDING')), [])
    assert.deepEqual(await toldOf(await runs.ends({ login: 'skipped' })), [unknown.id])
    assert.deepEqual(await toldOf(await runs.ends({ login: 'passed' })), [good.id, recovered.id])
  })
})

describe('a service that does not take a message', () => {
  it('for good fails it at once with its words; it can be sent again, as the same', async t => {
    const hook = await channel(t, 'webhook')
    services.answerNext('POST /hook', { status: 410, body: 'This hook is gone' })
    const run = await runs.ends({ login: 'passed' })
    const failed = await until(run, hook, ({ status }) => status === 'failed')
    assert.equal(failed.attempts, 1)
    assert.match(`${failed.last_error}`, /This hook is gone/)
    assert.equal(failed.next_try_at, null)
    assert.equal((await liWei.post(`/deliveries/${failed.id}/resend`)).status, 403)
    assert.equal((await admin.post(`/deliveries/${failed.id}/resend`)).status, 202)
    const sent = await until(run, hook, ({ status }) => status === 'sent')
    assert.equal(sent.last_error, null)
    const ids = services
      .requestsTo('/hook')
      .filter(({ body }) => JSON.parse(body).run?.id === run)
      .map(({ headers }) => headers['x-crat-delivery'])
    assert.equal(ids.length, 2)
    assert.equal(new Set(ids).size, 1)
    assert.equal((await admin.post(`/deliveries/${failed.id}/resend`)).status, 409)
  })

  it('for now is asked again by itself', async t => {
    const hook = await channel(t, 'webhook')
    services.answerNext('POST /hook', 'hang-up')
    const run = await runs.ends({ login: 'passed' })
    const waiting = await until(run, hook, ({ attempts }) => Number(attempts) === 1)
    assert.equal(waiting.status, 'waiting')
    const waits = Date.parse(`${waiting.next_try_at}`) - Date.now()
    assert.ok(waits > 3_000 && waits <= 5_000, `${waits} ms`)
    await admin.post(`/deliveries/${waiting.id}/resend`)
    await until(run, hook, ({ status }) => status === 'sent')
  })

  it('because of its rate is asked when it says, which is no attempt', async t => {
    const ding = await channel(t, 'dingtalk')
    services.answerNext('/robot/send', { body: '{"errcode":130101,"errmsg":"send too fast"}' })
    const [run, other] = [await runs.ends({ login: 'passed' }), await runs.ends({ login: 'passed' })]
    const waiting = await until(run, ding, ({ last_error }) => last_error !== null)
    assert.deepEqual([waiting.status, waiting.attempts], ['waiting', 0])
    assert.match(`${waiting.last_error}`, /130101 send too fast/)
    const waits = Date.parse(`${waiting.next_try_at}`) - Date.now()
    assert.ok(waits > 590_000 && waits <= 600_000, `${waits} ms`)
    assert.equal((await until(other, ding, () => true)).status, 'waiting')
    // What waits goes nowhere once the channel is off.
    await admin.put(`/channels/${ding.id}`, { enabled: false })
    for (const id of [run, other])
      assert.match(
        `${(await until(id, ding, ({ status }) => status === 'failed')).last_error}`,
        /switched off/,
      )
    const { status, body } = await admin.post(`/deliveries/${waiting.id}/resend`)
    assert.deepEqual([status, body.code], [409, 'channel_not_in_use'])
  })
})

describe('a hundred runs that end at once', () => {
  it('share messages, as fast as each service takes them, and none is lost', async t => {
    const quiet = runsOf(world, await item('quiet'))
    await ctx.db.testItem.updateMany({ where: { name: 'quiet' }, data: { notificationEnabled: false } })
    const channels = [await channel(t, 'slack'), await channel(t, 'feishu'), await channel(t, 'webhook')]
    const [refused, before] = [services.refusals.length, services.taken.length]
    const ended = await pMap(Array.from({ length: 100 }), () => quiet.fails(), { concurrency: 8 })
    const unsent = { channelId: { in: channels.map(({ id }) => id) }, status: { not: 'sent' as const } }
    while (await ctx.db.notification.count({ where: unsent })) await pause(50)
    const taken = services.taken.slice(before)
    for (const kind of ['slack', 'feishu'] as const) {
      const messages = taken.filter(message => message.kind === kind)
      // The slower the machine, the more; the services themselves refuse what comes too fast.
      assert.ok(messages.length < ended.length, `${kind} was told ${messages.length} times`)
      const texts = messages.map(({ text }) => text).join(' ')
      const times = (run: number) => texts.split(new RegExp(`${link(run)}\\b`)).length - 1
      assert.deepEqual(
        ended.filter(run => times(run) !== 1),
        [],
      )
    }
    const hooks = taken.filter(({ kind }) => kind === 'webhook').map(({ text }) => JSON.parse(text).run.id)
    assert.deepEqual(hooks.toSorted(), ended.toSorted())
    assert.deepEqual(services.refusals.slice(refused), [])
  })
})

describe('a run that waits for long', () => {
  it('is told once', async t => {
    await channel(t, 'slack', { events: ['queued_long'] })
    const hook = await channel(t, 'webhook', { events: ['queued_long'] })
    const run = await runs.queued(new Date(Date.now() - 2 * 3_600_000))
    await runs.queued(new Date())
    const store = { ...ctx, publicUrl: ctx.config.publicUrl }
    assert.equal(await notifyQueuedLong(store), 1)
    assert.equal(await notifyQueuedLong(store), 0)
    assert.match((await received('slack', link(run.id))).text, /cds #101 has waited for 2h/)
    await until(run.id, hook, ({ status }) => status === 'sent')
    const { run: shown } = JSON.parse((await received('webhook', 'run.queued_long')).text)
    assert.deepEqual(shown, (await liWei.get(`/deploy-test-runs/${run.id}`)).body.data)
  })
})

describe('an environment', () => {
  it('is told of where it is quarantined and where it is ready again', async t => {
    await channel(t, 'webhook', { events: ['environment'] })
    const added = await admin.post('/environments', {
      name: 'rack-1',
      test_server_url: 'http://rack.example',
    })
    const { id } = added.body.data
    const quarantined = { state: 'quarantined' as const, stateReason: 'It fails.' }
    const environment = await ctx.db.environment.update({ where: { id }, data: quarantined })
    await ctx.db.$transaction(tx => ctx.onQuarantine(tx, environment))
    assert.match((await received('webhook', 'environment.quarantined')).text, /It fails\./)
    await admin.put(`/environments/${id}`, { state: 'ready' })
    assert.match((await received('webhook', 'environment.ready')).text, /"name":"rack-1"/)
  })
})
