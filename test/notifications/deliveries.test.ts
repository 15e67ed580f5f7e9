import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import { queueWaitingMails } from '../../src/jobs/queue-mails.ts'
import { sendDeliveries } from '../../src/jobs/send-deliveries.ts'
import { callBack } from '../../src/notifications/message.ts'
import { noticeMessage } from '../../src/notifications/notice-message.ts'
import { addMail } from '../../src/notifications/outbox.ts'
import { runsOf } from '../channels/finished-runs.ts'
import { startHttpNeighbour } from '../neighbours/http-neighbour.ts'
import { startWorld } from '../world/index.ts'

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
