import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { MAIL_QUEUE } from '../../src/jobs/queue.ts'
import { getDelivery, listDeliveries } from '../../src/notifications/outbox.ts'
import { resendDelivery } from '../../src/notifications/resend.ts'
import { mailAbout, type Run, stepOf } from '../runs/story.ts'
import { ADMIN, type ApiClient, LI_WEI, startWorkingWorld } from '../world/index.ts'

const world = await startWorkingWorld({ env: { EMAIL_SEND_FROM: 'CRAT of CDN <crat@example.com>' } })
const { mailSink } = world.neighbours
const { ctx } = world.crat
await world.buildCore(101)

async function finishedRun(who: ApiClient = world.liWei): Promise<Run> {
  return who.untilFinished(await world.trigger(who))
}

async function mailOf(run: Run) {
  const { data } = await listDeliveries(ctx, { limit: 2, offset: 0, runId: run.id })
  const [mail] = data
  assert.ok(mail && data.length === 1, `run ${run.id} owes ${data.length} mails`)
  return mail
}

const untilNotify = (run: Run, status: string) =>
  world.liWei.untilRun(run.id, run => stepOf(run, 'notify').status === status)

describe('the mail of a run', () => {
  it('goes to who triggered', async () => {
    const run = await finishedRun()
    const mail = await mailAbout(world, run)
    assert.deepEqual(mail.recipients, [LI_WEI])
    assert.equal(mail.from?.address, 'crat@example.com')
    const notify = stepOf(await untilNotify(run, 'COMPLETED'), 'notify')
    assert.equal(notify.details.recipient, LI_WEI)
    assert.equal(notify.error, null)
    assert.notEqual(notify.end_time, null)
    assert.equal((await mailOf(run)).status, 'sent')
  })

  it("goes to the sender's own address where admin triggered, who has none", async () => {
    const run = await finishedRun(world.admin)
    assert.equal(run.triggered_by, 'admin')
    assert.deepEqual((await mailAbout(world, run)).recipients, ['crat@example.com'])
  })

  it('has the doughnut, the figures and the links', async () => {
    const run = await finishedRun()
    const mail = await mailAbout(world, run)
    const chart = mail.attachments.find(({ mimeType }) => mimeType === 'image/png')
    assert.ok(chart && mail.html?.includes('cid:chart'), 'no doughnut')
    for (const part of [mail.html ?? '', mail.text ?? '']) {
      assert.ok(part.includes(run.report_url), 'no link to the report')
      assert.ok(part.includes(`http://crat.example/runs/${run.id}`), 'no link to the run')
      assert.ok(part.includes('27'), 'no figures')
    }
  })

  it('is not owed where the item has mails switched off', async () => {
    await world.admin.put(`/test-items/${world.cds}`, { notification_enabled: false })
    const run = await finishedRun()
    await world.admin.put(`/test-items/${world.cds}`, { notification_enabled: true })
    assert.equal(stepOf(run, 'notify').status, 'SKIPPED')
    assert.equal(stepOf(run, 'notify').details.reason, 'switched_off')
    assert.equal((await listDeliveries(ctx, { limit: 1, offset: 0, runId: run.id })).total, 0)
  })

  it('is told in Chinese to who triggers from a Chinese browser', async () => {
    const { body } = await world.liWei.call(
      'POST',
      `/test-items/${world.cds}/deploy-test`,
      {},
      { 'accept-language': 'zh-CN,zh;q=0.9' },
    )
    const run = await world.liWei.untilFinished(body.data.run_id)
    assert.match((await mailAbout(world, run)).subject ?? '', /通过/)
  })
})

describe('a mail server in the wrong', () => {
  it('that says later is asked again, and the run shows what it said', async () => {
    mailSink.refuseNext({ at: 'recipient', code: 451, message: 'Greylisted, come back' })
    const run = await finishedRun()
    const mail = await untilWaitsForRetry(run)
    assert.equal(mail.status, 'waiting')
    assert.equal(mail.attempts, 1)
    assert.match(mail.lastError ?? '', /Greylisted, come back/)
    assert.equal(stepOf(await untilNotify(run, 'RUNNING'), 'notify').end_time, null)

    // By itself it goes out a quarter of a minute after the attempt; by hand, now.
    const asked = Date.now()
    await resendDelivery(ctx, mail.id, ADMIN)
    await mailAbout(world, run)
    assert.ok(Date.now() - asked < 8_000, 'it waited for its next attempt')
    await untilNotify(run, 'COMPLETED')
    assert.equal((await mailOf(run)).lastError, null)
  })

  it('that says no fails the mail with its words; it can be sent again, as the same mail', async () => {
    mailSink.refuseNext({ at: 'recipient', code: 550, message: 'No such user here' })
    const run = await finishedRun()
    assert.equal(run.status, 'COMPLETED')
    const told = stepOf(await untilNotify(run, 'FAILED'), 'notify')
    assert.match(told.error, /No such user here/)
    const mail = await mailOf(run)
    assert.equal(mail.status, 'failed')
    assert.ok((await getDelivery(ctx.db, mail.id)).html.includes(`/runs/${run.id}`))

    await resendDelivery(ctx, mail.id, ADMIN)
    assert.equal((await mailAbout(world, run)).messageId, mail.messageId)
    assert.equal(stepOf(await untilNotify(run, 'COMPLETED'), 'notify').error, null)
    await assert.rejects(resendDelivery(ctx, mail.id, ADMIN), /sent already/)
  })
})

/** The attempt is over in the queue, too: it waits for the next one. */
async function untilWaitsForRetry(run: Run) {
  for (;;) {
    const { id } = await mailOf(run)
    const [job] = await ctx.queue.boss.findJobs(MAIL_QUEUE, { key: `${id}` })
    if (job?.state === 'retry') return mailOf(run)
    await pause(20)
  }
}
