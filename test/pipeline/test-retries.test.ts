import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { Visitor } from '../http/visitor.ts'
import { CAPABILITIES, json, POLL, SUBMIT, taskAnswer } from '../neighbours/test-server.ts'
import { mailAbout, type Run } from '../runs/story.ts'
import { makeReport } from '../test-results/test-results-reports.ts'
import { startWorkingWorld, WANG_FANG } from '../world/index.ts'

const world = await startWorkingWorld({
  neighbours: { testServer: { protocol: 2, strict: false, canned: true } },
})
const { testServer, reportServer } = world.neighbours
await world.buildCore(101)
await world.admin.put(`/test-items/${world.cds}`, { test_retries: 2 })
await makeReport(reportServer.root, 'retried', {
  test_hls: 'passed',
  test_seek: 'passed',
  test_dash: 'failed',
})
await makeReport(reportServer.root, 'green', { test_hls: 'passed', test_seek: 'passed' })

const capabilities = (features: string[]) => json({ protocol: 2, features })

/** A run whose server says that it ran these tests again. */
async function runWith(report: string, attempts: unknown[]): Promise<Run> {
  testServer.behave()
  testServer.answerAlways(CAPABILITIES, capabilities(['idempotency', 'attempts']))
  const result = {
    deploy: { success: true },
    test: { report_url: `${reportServer.url}/${report}/`, attempts },
  }
  testServer.answerAlways(POLL, taskAnswer('completed', { result }))
  return world.liWei.untilFinished(await world.trigger())
}

const lastSubmit = () => JSON.parse(testServer.requestsTo(SUBMIT).at(-1)?.body ?? '{}')
const wangFang = await new Visitor(world.url).logIn(WANG_FANG)
const pageOf = async (path: string) => (await wangFang.open(path)).html

describe('tests that the test server runs again', () => {
  it('are flaky where they pass then: on the page, in the API and in the mail', async () => {
    const run = await runWith('retried', [
      { test: 'test_seek', attempt: 1, status: 'failed' },
      { test: 'test_seek', attempt: 2, status: 'passed' },
      { test: 'test_dash', attempt: 2, status: 'failed' },
      { test: 'test_dash', attempt: 3, status: 'failed' },
    ])
    assert.equal(lastSubmit().test_retries, 2)
    assert.equal(run.outcome, 'failed')
    assert.equal(run.flaky_tests, 1)
    const { body } = await world.liWei.get(`/deploy-test-runs/${run.id}/tests`)
    const tests = body.data.map(({ name, status, flaky, retries }: Run) => ({ name, status, flaky, retries }))
    assert.deepEqual(tests, [
      { name: 'test_hls', status: 'passed', flaky: false, retries: 0 },
      { name: 'test_seek', status: 'passed', flaky: true, retries: 1 },
      { name: 'test_dash', status: 'failed', flaky: false, retries: 2 },
    ])
    assert.match(await pageOf(`/runs/${run.id}`), /1 flaky.*id="tests-flaky".*test_seek/s)
    assert.match(await pageOf('/runs'), /1 flaky/)
    const mail = await mailAbout(world, run)
    assert.equal(mail.subject, 'failed: 1 of 3 · cds #101')
    assert.match(mail.text ?? '', /1 test is flaky: it passed and failed on this build\n- live › test_seek\n/)
  })

  it('never make a run quietly green, even where its report does not list them', async () => {
    const run = await runWith('green', [
      { test: 'tests/live.py::test_start', attempt: 2, status: 'passed' },
      { attempt: 'what is this' },
    ])
    assert.equal(run.outcome, 'passed')
    assert.equal(run.flaky_tests, 1)
    assert.match(await pageOf(`/runs/${run.id}`), /1 flaky.*tests\/live\.py::test_start/s)
    const mail = await mailAbout(world, run)
    assert.equal(mail.subject, 'passed: 2 of 2, 1 flaky · cds #101')
    assert.match(mail.text ?? '', /\n- tests\/live\.py::test_start\n/)
  })
})

it('a server that cannot run tests again is not asked to', async () => {
  testServer.behave()
  testServer.answerAlways(CAPABILITIES, capabilities(['idempotency']))
  await world.liWei.untilFinished(await world.trigger())
  assert.equal(lastSubmit().test_retries, undefined)
})
