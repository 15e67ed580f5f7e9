import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { POLL, SUBMIT } from '../neighbours/test-server.ts'
import { type ApiClient, LI_WEI, startWorkingWorld, WANG_FANG } from '../world/index.ts'
import { mailAbout, RUNNING, type Run, stepOf, stepsOf } from './story.ts'

const world = await startWorkingWorld()
const { packageServer, testServer } = world.neighbours
await world.buildCore(101)
const wangFang = await world.logIn(WANG_FANG)

async function monitored(who: ApiClient = world.liWei): Promise<number> {
  testServer.answerAlways(POLL, RUNNING)
  const id = await world.trigger(who)
  await who.untilRun(id, run => run.status === 'MONITORING')
  return id
}

async function cancel(id: number, who: ApiClient = world.liWei): Promise<Run> {
  const { status, body } = await who.post(`/deploy-test-runs/${id}/cancel`)
  assert.equal(status, 200, body.error)
  assert.equal(body.data.status, 'CANCELLED')
  assert.equal(body.data.outcome, 'unknown')
  assert.notEqual(body.data.finished_at, null)
  return body.data
}

/** The lane is free again: another run goes through it. */
async function runAnother(): Promise<void> {
  packageServer.behave()
  testServer.behave()
  const run = await world.liWei.untilFinished(await world.trigger())
  assert.equal(run.status, 'COMPLETED')
}

describe('Li Wei cancels her run', () => {
  it('in the queue: it never starts', async () => {
    const active = await monitored()
    const queued = await world.trigger()
    const run = await cancel(queued)
    assert.equal(run.started_at, null)
    assert.equal(run.cancelled_by, LI_WEI)
    assert.deepEqual(stepsOf(run), ['notify SKIPPED'])
    const submits = testServer.requestsTo(SUBMIT).length
    testServer.behave()
    assert.equal((await world.liWei.untilFinished(active)).status, 'COMPLETED')
    await runAnother()
    assert.equal(testServer.requestsTo(SUBMIT).length, submits + 1)
  })

  it('in the middle of a download', async () => {
    packageServer.answerNext('release.tgz', { damage: { stallAfter: 100 } })
    const id = await world.trigger(world.liWei, { build_info_id: await world.buildCore(102) })
    await packageServer.waitForRequest(/GET .*ed102.*release\.tgz/)
    const run = await cancel(id)
    assert.equal(stepOf(run, 'download').status, 'CANCELLED')
    assert.equal(stepOf(run, 'notify').details.reason, 'cancelled_by_owner')
    await runAnother()
  })

  it('while the test server is silent about the submit', async () => {
    testServer.answerNext(SUBMIT, 'silence')
    const id = await world.trigger()
    await world.liWei.untilRun(id, run => run.status === 'TESTING')
    assert.equal(stepOf(await cancel(id), 'test').status, 'CANCELLED')
    await runAnother()
  })

  it('while the task runs', async () => {
    const run = await cancel(await monitored())
    assert.equal(stepOf(run, 'monitor').status, 'CANCELLED')
    await runAnother()
    const later = (await world.liWei.get(`/deploy-test-runs/${run.id}`)).body.data
    assert.deepEqual(later, run)
  })

  it('and it takes effect at once, also where a look hangs', async () => {
    testServer.answerAlways(POLL, 'silence')
    const id = await world.trigger()
    await testServer.waitForRequest(POLL, testServer.requestsTo(POLL).length + 1)
    const next = await world.trigger(wangFang)
    const { finished_at, query_timeout } = await cancel(id)
    testServer.behave()
    const { started_at } = await world.liWei.untilFinished(next)
    const seconds = (Date.parse(started_at) - Date.parse(finished_at)) / 1000
    assert.ok(seconds < query_timeout / 2, `not only when the look gave up: ${seconds} s later`)
  })
})

describe('who may cancel', () => {
  it("not somebody else: the owner's name is told", async () => {
    const id = await monitored()
    const { status, body } = await wangFang.post(`/deploy-test-runs/${id}/cancel`)
    assert.equal(status, 403)
    assert.match(body.error, /li\.wei@example\.com or an admin/)
    assert.equal((await world.liWei.get(`/deploy-test-runs/${id}`)).body.data.status, 'MONITORING')
    await cancel(id)
  })

  it('an admin, and the owner learns of it by mail', async () => {
    const run = await cancel(await monitored(), world.admin)
    assert.equal(run.cancelled_by, 'admin')
    const mail = await mailAbout(world, run)
    assert.deepEqual(mail.recipients, [LI_WEI])
    assert.match(mail.subject ?? '', /cancelled · cds #\d+/)
    assert.match(mail.text ?? '', /cancelled by admin/)
  })

  it('nobody twice', async () => {
    const id = await monitored()
    await cancel(id)
    const { status, body } = await world.liWei.post(`/deploy-test-runs/${id}/cancel`)
    assert.equal(status, 409)
    assert.match(body.error, /finished already/)
  })

  it('two at once: one of them', async () => {
    const id = await monitored()
    const answers = await Promise.all(
      [world.liWei, world.admin].map(who => who.post(`/deploy-test-runs/${id}/cancel`)),
    )
    assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 409])
  })

  it('nobody a run that is not there', async () => {
    assert.equal((await world.liWei.post('/deploy-test-runs/99999/cancel')).status, 404)
  })
})
