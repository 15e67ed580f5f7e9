import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { makeDemoBuild } from '../neighbours/demo-build.ts'
import { POLL, SUBMIT } from '../neighbours/test-server.ts'
import { coreBuild, mailEnvironment, openWorld, startWorkingWorld } from '../world/index.ts'
import { mailAbout, RUNNING, stepOf, stepsOf } from './story.ts'

// Workers come and go; the one that serves stays.
const world = await startWorkingWorld({ env: { ROLE: 'web' } })
const { packageServer, testServer } = world.neighbours
await world.buildCore(101)

const openWorker = () =>
  openWorld(world.dataDir, world.databaseUrl, {
    env: { ...mailEnvironment(world.neighbours), ROLE: 'worker' },
  })

const submits = () => testServer.requestsTo(SUBMIT).length
const isMonitored = (run: { status: string }) => run.status === 'MONITORING'

describe('a worker that is stopped hands its run over', () => {
  it('while the task runs: the next one re-attaches, and submits nothing', async () => {
    const worker = await openWorker()
    testServer.answerAlways(POLL, RUNNING)
    const id = await world.trigger()
    const before = await world.liWei.untilRun(id, isMonitored)
    const sent = submits()
    await worker.crat.stop()
    const polls = testServer.requestsTo(POLL).length
    assert.ok(isMonitored((await world.liWei.get(`/deploy-test-runs/${id}`)).body.data))
    await openWorker()
    await testServer.waitForRequest(POLL, polls + 1)
    testServer.behave()
    const run = await world.liWei.untilFinished(id)
    assert.equal(run.status, 'COMPLETED')
    assert.equal(run.task_id, before.task_id)
    assert.equal(submits(), sent)
    assert.deepEqual(stepsOf(run).slice(0, 3), ['download COMPLETED', 'test COMPLETED', 'monitor COMPLETED'])
    await mailAbout(world, run)
  })

  it('while the task runs, and its hours are counted from the submit', async () => {
    const worker = await openWorker()
    testServer.answerAlways(POLL, RUNNING)
    const id = await world.trigger()
    await world.liWei.untilRun(id, isMonitored)
    await worker.crat.stop()
    const fourHoursAgo = new Date(Date.now() - 4 * 3_600_000)
    await world.crat.ctx.db.run.update({
      where: { id },
      data: { submitStartedAt: fourHoursAgo, submittedAt: fourHoursAgo },
    })
    await openWorker()
    const run = await world.liWei.untilFinished(id)
    testServer.behave()
    assert.equal(run.error_code, 'too_long')
  })

  it('in the middle of the download, which goes on', async () => {
    const worker = await openWorker()
    const { packagePath } = await makeDemoBuild(packageServer.root, { commit: 'cafe', padding: 200_000 })
    const build = await world.anyone.post('/builds', coreBuild(102, { PACKAGE_PATH: packagePath }))
    packageServer.answerNext('release.tgz', { damage: { stallAfter: 100_000 } })
    const id = await world.trigger(world.liWei, { build_info_id: build.body.data.id })
    await packageServer.waitForRequest(/GET .*cafe.*release\.tgz/)
    await worker.crat.stop()
    assert.equal((await world.liWei.get(`/deploy-test-runs/${id}`)).body.data.status, 'DOWNLOADING')
    await openWorker()
    const run = await world.liWei.untilFinished(id)
    assert.equal(run.status, 'COMPLETED')
    assert.equal(stepOf(run, 'download').status, 'COMPLETED')
  })

  it('with the queue behind it, in its order', async () => {
    const worker = await openWorker()
    testServer.answerAlways(POLL, RUNNING)
    const ids = [await world.trigger(), await world.trigger(), await world.trigger()]
    await world.liWei.untilRun(ids[0] ?? 0, isMonitored)
    await worker.crat.stop()
    testServer.behave()
    await openWorker()
    let last = ''
    for (const id of ids) {
      const run = await world.liWei.untilFinished(id)
      assert.equal(run.status, 'COMPLETED')
      assert.ok(run.started_at > last)
      last = run.finished_at
    }
  })

  it('to one that works already', async () => {
    const [worker] = [await openWorker(), await openWorker()]
    testServer.answerAlways(POLL, RUNNING)
    const id = await world.trigger()
    await world.liWei.untilRun(id, isMonitored)
    await worker.crat.stop()
    testServer.behave()
    assert.equal((await world.liWei.untilFinished(id)).status, 'COMPLETED')
  })
})

describe('a submit that is not answered while its worker is stopped', () => {
  it('is never repeated', async () => {
    const worker = await openWorker()
    testServer.answerNext(SUBMIT, 'silence')
    const sent = submits()
    const id = await world.trigger()
    await testServer.waitForRequest(SUBMIT, sent + 1)
    await worker.crat.stop()
    await openWorker()
    const run = await world.liWei.untilFinished(id)
    assert.equal(run.status, 'FAILED')
    assert.equal(run.error_code, 'submit_interrupted')
    assert.equal(submits(), sent + 1)
  })
})

describe('a submit that was under way when its worker died', () => {
  it('is never repeated: the run fails, and a person may retry', async () => {
    const id = await world.trigger()
    // What a process leaves that is killed after it wrote down that it is about to submit.
    const { db } = world.crat.ctx
    const now = new Date()
    await db.run.update({
      where: { id },
      data: {
        ...{ status: 'TESTING', startedAt: now, submitStartedAt: now, downloadPath: '/packages/cds.tgz' },
        testServerUrl: testServer.url,
      },
    })
    await db.step.create({ data: { runId: id, name: 'test', status: 'RUNNING' } })
    const sent = submits()
    await openWorker()
    const run = await world.liWei.untilFinished(id)
    assert.equal(run.status, 'FAILED')
    assert.match(run.error_message, /was interrupted while it submitted the task.*not submitted again/)
    assert.ok(run.error_message.includes(testServer.url))
    assert.equal(stepOf(run, 'test').error, run.error_message)
    assert.equal(submits(), sent)
    assert.match((await mailAbout(world, run)).text ?? '', /not submitted again/)

    const { body } = await world.liWei.post(`/deploy-test-runs/${id}/retry`)
    assert.equal((await world.liWei.untilFinished(body.data.run_id)).status, 'COMPLETED')
    assert.equal(submits(), sent + 1)
  })
})
