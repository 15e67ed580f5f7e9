import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { json, POLL, SUBMIT, taskAnswer } from '../neighbours/test-server.ts'
import { startWorkingWorld } from '../world/index.ts'
import { html, RUNNING, type Run, stepOf } from './story.ts'

const world = await startWorkingWorld()
const { testServer } = world.neighbours
await world.buildCore(101)

const progressOf = (run: Run) => run.steps.find((step: Run) => step.name === 'monitor')?.progress
const gone = html('<h1>404</h1>', 404)

async function set(settings: Record<string, number>): Promise<void> {
  assert.equal((await world.admin.put('/settings', settings)).status, 200)
}

describe('a task is followed', () => {
  it('and its phase is shown live', async () => {
    testServer.answerAlways(POLL, taskAnswer('running:deploy'))
    const id = await world.trigger()
    await world.liWei.untilRun(id, run => progressOf(run)?.status === 'running:deploy')
    testServer.behave()
    testServer.answerAlways(POLL, RUNNING)
    await world.liWei.untilRun(id, run => progressOf(run)?.status === 'running:test')
    testServer.behave()
    assert.equal((await world.liWei.untilFinished(id)).status, 'COMPLETED')
  })

  it('through words that nobody knows', async () => {
    testServer.answerAlways(POLL, taskAnswer('rebooting the node'))
    const id = await world.trigger()
    await world.liWei.untilRun(id, run => progressOf(run)?.status === 'rebooting the node')
    testServer.behave()
    assert.equal((await world.liWei.untilFinished(id)).status, 'COMPLETED')
  })

  it('with one submit, and never with a second', async () => {
    const before = testServer.requestsTo(SUBMIT).length
    testServer.answerNext(POLL, html('?', 500), 'hang-up', gone, gone, { body: '{' })
    await world.liWei.untilFinished(await world.trigger())
    assert.equal(testServer.requestsTo(SUBMIT).length, before + 1)
  })
})

describe('looks that fail', () => {
  it('are shown on the run with what came back, and forgotten with the next good one', async () => {
    testServer.answerAlways(POLL, html('upstream is away', 502))
    const id = await world.trigger()
    const run = await world.liWei.untilRun(id, run => progressOf(run)?.last_error)
    assert.equal(run.status, 'MONITORING')
    assert.match(progressOf(run).last_error.message, /answered 502.*upstream is away/)
    assert.ok(progressOf(run).polls >= 1)
    testServer.behave()
    testServer.answerAlways(POLL, RUNNING)
    await world.liWei.untilRun(id, run => progressOf(run)?.last_error === null)
    testServer.behave()
    assert.equal((await world.liWei.untilFinished(id)).status, 'COMPLETED')
  })

  const SURVIVED: [what: string, answers: Parameters<typeof testServer.answerNext>[1][]][] = [
    ['two 404', [gone, gone]],
    ['four 404, but never three in a row', [gone, gone, RUNNING, gone, gone]],
    ['404 with another failure between', [gone, gone, html('?', 500), gone]],
    ['half of the JSON', [{ body: '{"status": "comple' }]],
    ['a web page', [html('<h1>Log in</h1>')]],
    ['a redirect', [{ status: 302, headers: { location: '/login' } }]],
    ['a cut line', ['hang-up', { damage: { cutAfter: 5 } }]],
    ['an answer without a status', [json({})]],
  ]
  for (const [what, answers] of SURVIVED) {
    it(`are survived: ${what}`, async () => {
      testServer.answerNext(POLL, ...answers)
      assert.equal((await world.liWei.untilFinished(await world.trigger())).status, 'COMPLETED')
    })
  }

  it('are bounded by query_timeout', async () => {
    await set({ query_timeout: 0.2 })
    testServer.answerAlways(POLL, 'silence')
    const id = await world.trigger()
    const run = await world.liWei.untilRun(id, run => progressOf(run)?.last_error)
    assert.match(progressOf(run).last_error.message, /did not answer within/)
    testServer.behave()
    assert.equal((await world.liWei.untilFinished(id)).status, 'COMPLETED')
    await set({ query_timeout: 30 })
  })
})

describe('a task that does not end', () => {
  it('is given up after max_query_hours, with what was heard last', async () => {
    await set({ max_query_hours: 0.0003 })
    testServer.answerAlways(POLL, RUNNING)
    const run = await world.liWei.untilFinished(await world.trigger())
    testServer.behave()
    await set({ max_query_hours: 3 })
    assert.equal(run.status, 'FAILED')
    assert.equal(run.error_code, 'too_long')
    assert.match(run.error_message, /not finished after 0\.0003 h.*max_query_hours.*Last heard: running:test/)
    assert.equal(stepOf(run, 'monitor').status, 'FAILED')
  })

  it('is given up in time where every look fails', async () => {
    await set({ max_query_hours: 0.0003 })
    testServer.answerAlways(POLL, 'silence')
    const run = await world.liWei.untilFinished(await world.trigger())
    testServer.behave()
    await set({ max_query_hours: 3 })
    assert.match(run.error_message, /not finished after.*Last heard: .*did not answer/)
  })

  it('keeps the limits of its trigger, whatever the settings say later', async () => {
    testServer.answerAlways(POLL, RUNNING)
    const id = await world.trigger()
    await world.liWei.untilRun(id, run => run.status === 'MONITORING')
    await set({ max_query_hours: 0.0001, query_interval: 3600, query_timeout: 0.1 })
    testServer.behave()
    const run = await world.liWei.untilFinished(id)
    assert.equal(run.status, 'COMPLETED')
    assert.deepEqual([run.max_query_hours, run.query_interval, run.query_timeout], [3, 0.1, 30])
    await set({ max_query_hours: 3, query_interval: 0.1, query_timeout: 30 })
  })
})
