import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { POLL, SUBMIT, taskAnswer } from '../neighbours/test-server.ts'
import { mailEnvironment, openWorld, startWorkingWorld, WANG_FANG } from '../world/index.ts'
import { html, RUNNING, type Run } from './story.ts'

// One serves, two work: whatever the number of processes, the test environment is there once.
const world = await startWorkingWorld({ env: { ROLE: 'web' } })
const { testServer } = world.neighbours
await world.buildCore(101)
for (const _ of [1, 2])
  await openWorld(world.dataDir, world.databaseUrl, {
    env: { ...mailEnvironment(world.neighbours), ROLE: 'worker' },
  })

async function queue(): Promise<Run[]> {
  return (await world.liWei.get('/deploy-test-runs/queue')).body.data
}

const isMonitored = (run: Run) => run.status === 'MONITORING'

describe('two triggers at once', () => {
  for (const end of ['completes', 'fails'] as const) {
    it(`one runs, the other waits at position 1, and runs when the first ${end}`, async () => {
      const wangFang = await world.logIn(WANG_FANG)
      testServer.answerAlways(POLL, RUNNING)
      const answers = await Promise.all(
        [world.liWei, wangFang].map(who => who.post(`/test-items/${world.cds}/deploy-test`)),
      )
      const [first, second] = answers.map(({ body }) => body.data).sort((a, b) => a.run_id - b.run_id)
      assert.deepEqual([second.queued, second.queue_position], [true, 1])
      assert.equal(first.queued, false)

      await world.liWei.untilRun(first.run_id, isMonitored)
      const waiting = (await world.liWei.get(`/deploy-test-runs/${second.run_id}`)).body.data
      assert.equal(waiting.status, 'PENDING')
      assert.equal(waiting.queue_position, 1)
      const [active, next, ...others] = await queue()
      assert.deepEqual(others, [])
      assert.equal(active.run_id, first.run_id)
      assert.equal(active.status, 'MONITORING')
      assert.equal(active.queue_position, null)
      assert.equal(active.waiting_for_run_id, null)
      assert.equal(next.run_id, second.run_id)
      assert.equal(next.queue_position, 1)
      assert.equal(next.waiting_for_run_id, first.run_id)
      assert.equal(next.test_item.name, 'cds')
      assert.equal((await world.liWei.get('/processing-count')).body.data.count, 1)

      testServer.behave()
      if (end === 'fails') testServer.answerNext(POLL, taskAnswer('failed', { error: 'broken' }))
      const ended = await world.liWei.untilFinished(first.run_id)
      assert.equal(ended.status, end === 'fails' ? 'FAILED' : 'COMPLETED')
      const last = await world.liWei.untilFinished(second.run_id)
      assert.equal(last.status, 'COMPLETED')
      assert.equal(last.queue_position, null)
      assert.ok(last.started_at >= ended.finished_at)
      assert.deepEqual(await queue(), [])
      assert.equal((await world.liWei.get('/processing-count')).body.data.count, 0)
    })
  }
})

describe('ten runs', () => {
  it('run one after the other in the order of their triggers, also where one of them fails', async () => {
    testServer.answerAlways(POLL, RUNNING)
    const ids: number[] = []
    for (let i = 0; i < 10; i++) ids.push(await world.trigger())
    const waiting = (await queue()).map(entry => entry.queue_position)
    assert.deepEqual(waiting, [null, 1, 2, 3, 4, 5, 6, 7, 8, 9])
    const submitted = testServer.requestsTo(SUBMIT).length
    testServer.behave()
    await world.liWei.untilFinished(ids[2] ?? 0)
    testServer.answerNext(SUBMIT, html('broken', 500))

    const runs: Run[] = []
    for (const id of ids) runs.push(await world.liWei.untilFinished(id, 40_000))

    assert.equal(runs.filter(run => run.status === 'COMPLETED').length, 9)
    assert.equal(runs.filter(run => run.status === 'FAILED').length, 1)
    for (const [i, run] of runs.entries())
      if (i > 0) assert.ok(run.started_at >= runs[i - 1].finished_at, `run ${i + 1} did not wait`)
    assert.ok(testServer.requestsTo(SUBMIT).length - submitted <= 10)
  })
})

describe('how long it takes yet', () => {
  it('is known from the history of such runs', async () => {
    testServer.answerAlways(POLL, RUNNING)
    const first = await world.trigger()
    const second = await world.trigger()
    await world.liWei.untilRun(first, isMonitored)
    for (const { eta_seconds } of await queue())
      assert.ok(eta_seconds >= 0 && eta_seconds < 60, `${eta_seconds}`)
    testServer.behave()
    await world.liWei.untilFinished(second)
  })

  it('is not known of an item that never ran', async () => {
    const item = await world.admin.post('/test-items', { name: 'sds', associated_job_name: 'CDN/Core' })
    testServer.answerAlways(POLL, RUNNING)
    const sds = await world.liWei.post(`/test-items/${item.body.data.id}/deploy-test`)
    const cds = await world.trigger()
    await world.liWei.untilRun(sds.body.data.run_id, isMonitored)
    assert.deepEqual(
      (await queue()).map(entry => entry.eta_seconds),
      [null, null],
    )
    testServer.behave()
    await world.liWei.untilFinished(cds)
  })
})
