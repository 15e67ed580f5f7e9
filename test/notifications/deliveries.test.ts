import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import { queueWaitingMails } from '../../src/jobs/queue-mails.ts'
import { sendDeliveries } from '../../src/jobs/send-deliveries.ts'
import { deliverAlone } from '../../src/notifications/deliver-message.ts'
import { callBack } from '../../src/notifications/message.ts'
import { noticeMessage } from '../../src/notifications/notice-message.ts'
import { addMail, addMessage, getDelivery } from '../../src/notifications/outbox.ts'
import { resendDelivery } from '../../src/notifications/resend.ts'
import { runsOf } from '../channels/finished-runs.ts'
import { startHttpNeighbour } from '../neighbours/http-neighbour.ts'
import { ADMIN, startWorld } from '../world/index.ts'

// It sends nothing: the test does.
const world = await startWorld({ env: { ROLE: 'web' } })
const { ctx } = world.crat
const { admin } = world
const { db, messenger, sealer, log, metrics, lifeline } = ctx
const cds: number = (await admin.post('/test-items', { name: 'cds' })).body.data.id
const outlet = { store: ctx, messenger, sealer, log, metrics }

const notice = noticeMessage({
  ...{ event: 'something', project: 'CRAT', url: 'http://crat.example', tone: 'warn', body: {} },
  wordsIn: () => ({ subject: 'It', headline: 'It', text: 'Once.', action: 'Open' }),
})

describe('a slow callback', () => {
  it('delays only those to its own host', async () => {
    const { promise: released, resolve: release } = Promise.withResolvers<void>()
    const slow = await startHttpNeighbour(async () => {
      await released
      return { status: 204 }
    })
    const fast = await startHttpNeighbour(() => ({ status: 204 }))
    after(() => Promise.all([slow.close(), fast.close()]))
    await db.$transaction(async tx => {
      for (let n = 0; n < 20; n += 1) await callBack(tx, notice, `${slow.url}/slow`)
      await callBack(tx, notice, `${fast.url}/fast`)
    })
    await db.$executeRaw`
      UPDATE notifications SET next_try_at = next_try_at + interval '1 millisecond' WHERE recipient = ${new URL(fast.url).host}`
    const stop = new AbortController()
    const sending = sendDeliveries(outlet, lifeline, stop.signal)
    await fast.waitForRequest('POST /fast')
    assert.ok(slow.requestsTo('POST /slow').length <= 2)
    release()
    await slow.waitForRequest('POST /slow', 20)
    stop.abort()
    await sending
    assert.equal(await db.notification.count({ where: { status: 'waiting', kind: 'callback' } }), 0)
  })
})

describe('a chat that limits the rate', () => {
  it('is notified of an old delivery that is sent again, for days from then on', async () => {
    const chat = await startHttpNeighbour(() => ({ status: 429, body: 'rate_limited' }))
    after(() => chat.close())
    const input = { name: 'chat', kind: 'webhook', url: chat.url }
    const channelId: number = (await admin.post('/channels', input)).body.data.id
    const { chatIn, event, runId } = notice
    const shown = { recipient: 'chat', subject: chatIn('en').title, text: '', event, runId, channelId }
    const id = await db.$transaction(tx =>
      addMessage(tx, { ...shown, kind: 'webhook', payload: { body: {} } }),
    )
    const longAgo = new Date(Date.now() - 30 * 24 * 3_600_000)
    await db.notification.update({ where: { id }, data: { createdAt: longAgo } })
    const result = async () => {
      await deliverAlone(outlet, await getDelivery(db, id))
      return (await getDelivery(db, id)).status
    }
    assert.equal(await result(), 'failed')
    assert.match(await metrics.registry.metrics(), /result="given_up"} 1/)
    await resendDelivery(ctx, id, ADMIN)
    assert.equal(await result(), 'waiting')
    assert.match(await metrics.registry.metrics(), /result="put_off"} 1/)
  })
})

describe('a list of addresses that is switched off', () => {
  it('gives up the mails that wait for it, and sends none of them again', async () => {
    const input = { name: 'list', kind: 'mail', recipients: ['team@example.com'], events: ['error'] }
    const channel = (await admin.post('/channels', input)).body.data
    const runId = await runsOf(world, cds).fails()
    await admin.put(`/channels/${channel.id}`, { enabled: false })
    const mail = await db.notification.findFirstOrThrow({ where: { runId, channelId: channel.id } })
    assert.deepEqual([mail.status, mail.recipient], ['failed', 'team@example.com'])
    assert.match(mail.lastError ?? '', /list is switched off/)
    assert.equal((await admin.post(`/deliveries/${mail.id}/resend`)).status, 409)
  })
})

describe('a run that a token triggered', () => {
  it('is mailed to nobody, and says why', async () => {
    const run = await runsOf(world, cds).queued(new Date())
    await db.run.update({ where: { id: run.id }, data: { trigger: 'token', triggeredBy: 'token:ci' } })
    await admin.post(`/deploy-test-runs/${run.id}/cancel`)
    const [notify] = (await admin.get(`/deploy-test-runs/${run.id}`)).body.data.steps
    assert.deepEqual([notify.status, notify.details], ['SKIPPED', { reason: 'by_token' }])
    assert.equal(await db.notification.count({ where: { runId: run.id } }), 0)
  })
})

describe('mails that wait', () => {
  it('are queued where they have no job', async () => {
    const mail = { ...{ runId: null, subject: 'It', html: '', text: '', chart: null }, recipient: 'admin' }
    await db.$transaction(async tx => void (await addMail(ctx, tx, mail)))
    const { runId: _, ...row } = mail
    const { id } = await db.notification.create({ data: { ...row, messageId: '<lost@crat>' } })
    assert.equal(await queueWaitingMails(ctx), 1)
    assert.equal(await queueWaitingMails(ctx), 0)
    const [job] = await ctx.queue.boss.findJobs('mail', { key: `${id}` })
    assert.deepEqual(job?.data, { notificationId: id })
  })
})
