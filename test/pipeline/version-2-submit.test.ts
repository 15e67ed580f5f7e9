import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { CAPABILITIES, json, SUBMIT } from '../neighbours/test-server.ts'
import { mailAbout, type Run, stepsOf } from '../runs/story.ts'
import { mailEnvironment, openWorld, startWorkingWorld } from '../world/index.ts'

// Workers come and go; the one that serves stays.
const world = await startWorkingWorld({
  env: { ROLE: 'web' },
  neighbours: { testServer: { protocol: 2, canned: true } },
})
const { testServer } = world.neighbours
await world.buildCore(101)

const openWorker = () =>
  openWorld(world.dataDir, world.databaseUrl, {
    env: { ...mailEnvironment(world.neighbours), ROLE: 'worker' },
  })

/** The submits of one run, and the tasks that they were answered. */
function submitsOf(run: Run) {
  return testServer.requestsTo(SUBMIT).filter(({ body }) => JSON.parse(body).run_id === run.id)
}

function assertOneTask(run: Run, times: number) {
  const submits = submitsOf(run)
  assert.equal(submits.length, times)
  for (const { headers, body } of submits) {
    assert.equal(headers['idempotency-key'], `${run.id}-1`)
    assert.equal(body, submits[0]?.body)
  }
}

describe('a submit to a server that knows keys', () => {
  it('that was under way when its worker went is repeated by the next, and means the same task', async () => {
    const worker = await openWorker()
    // The task is there, its answer never comes.
    testServer.answerNext(SUBMIT, { damage: { stallAfter: 0 } })
    const id = await world.trigger()
    await testServer.waitForRequest(SUBMIT)
    await worker.crat.stop()
    const between = (await world.liWei.get(`/deploy-test-runs/${id}`)).body.data
    assert.equal(between.status, 'TESTING')

    const next = await openWorker()
    const run = await world.liWei.untilFinished(id)
    assert.equal(run.status, 'COMPLETED')
    assertOneTask(run, 2)
    assert.equal(testServer.requestsTo(CAPABILITIES).length, 1, 'it is asked once per run')
    assert.deepEqual(stepsOf(run).slice(0, 3), ['download COMPLETED', 'test COMPLETED', 'monitor COMPLETED'])
    await mailAbout(world, run)
    await next.crat.stop()
  })

  it('whose answer is cut off is repeated', async () => {
    const worker = await openWorker()
    testServer.answerNext(SUBMIT, { damage: { cutAfter: 3 } })
    const run = await world.liWei.untilFinished(await world.trigger())
    assert.equal(run.status, 'COMPLETED')
    assertOneTask(run, 2)
    await worker.crat.stop()
  })

  it('that is never answered ends the run, and says so', async () => {
    const worker = await openWorker()
    testServer.answerNext(SUBMIT, 'hang-up', 'hang-up', 'hang-up')
    const run = await world.liWei.untilFinished(await world.trigger())
    assert.equal(run.status, 'FAILED')
    assert.equal(run.error_code, 'submit_unanswered_again')
    assert.match(run.error_message, /3 times with the same key/)
    assertOneTask(run, 3)
    await worker.crat.stop()
  })

  it('that is refused is not repeated', async () => {
    const worker = await openWorker()
    testServer.answerNext(SUBMIT, json({ error: 'no such service' }, 422))
    const run = await world.liWei.untilFinished(await world.trigger())
    assert.equal(run.error_code, 'refused')
    assertOneTask(run, 1)
    await worker.crat.stop()
  })
})

describe('a submit to a server of version 2 that knows no keys', () => {
  it('is not repeated, has no key, and names no address where that is not wanted', async () => {
    const worker = await openWorker()
    testServer.answerNext(CAPABILITIES, json({ protocol: 2, features: ['log'] }))
    testServer.answerNext(SUBMIT, { damage: { stallAfter: 0 } })
    const sent = testServer.requestsTo(SUBMIT).length
    const id = await world.trigger()
    const submit = await testServer.waitForRequest(SUBMIT, sent + 1)
    assert.equal(submit.headers['idempotency-key'], undefined)
    const { run_id, package_url, package_sha256, package_size } = JSON.parse(submit.body)
    assert.equal(run_id, id)
    assert.deepEqual([package_url, package_sha256, package_size], [undefined, undefined, undefined])
    await worker.crat.stop()

    const next = await openWorker()
    const run = await world.liWei.untilFinished(id)
    assert.equal(run.status, 'FAILED')
    assert.equal(run.error_code, 'submit_interrupted')
    assert.equal(submitsOf(run).length, 1)
    await next.crat.stop()
  })
})
