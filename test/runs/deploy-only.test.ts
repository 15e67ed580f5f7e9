import assert from 'node:assert/strict'
import { before, describe, it } from 'node:test'
import { POLL, SUBMIT, taskAnswer } from '../neighbours/test-server.ts'
import { startWorkingWorld } from '../world/index.ts'
import { type Run, stepOf, stepsOf } from './story.ts'

const world = await startWorkingWorld()
const { mailSink, testServer } = world.neighbours
await world.buildCore(101)

describe('a run that only deploys', () => {
  let deployOnly = 0
  before(async () => {
    const parameters = { test_path: 'deploy' }
    const { body } = await world.admin.post('/parameter-sets', { name: 'Deploy only', parameters })
    deployOnly = body.data.id
  })
  const runIt = async (): Promise<Run> =>
    world.liWei.untilFinished(await world.trigger(world.liWei, { parameter_set_id: deployOnly }))

  function assertDeployed(run: Run): void {
    assert.equal(run.status, 'DEPLOY_COMPLETE')
    assert.equal(run.outcome, 'unknown')
    assert.equal(run.report_url, null)
    assert.equal(run.summary, null)
    assert.equal(run.error_message, null)
    assert.deepEqual(stepsOf(run).slice(-2), ['monitor COMPLETED', 'notify SKIPPED'])
    assert.equal(stepOf(run, 'notify').details.reason, 'deploy_only')
  }

  it('ends DEPLOY_COMPLETE and offers no report', async () => {
    const run = await runIt()
    assertDeployed(run)
    assert.equal(JSON.parse(testServer.requestsTo(SUBMIT).at(-1)?.body ?? '').test_path, 'deploy')
    assert.equal(run.response_raw_data.result.test.skipped, true)
  })

  it('also where the server says nothing about the test', async () => {
    testServer.answerNext(POLL, taskAnswer('completed', { result: { deploy: { success: true } } }))
    assertDeployed(await runIt())
  })

  it('fails where the deploy failed', async () => {
    const result = { deploy: { success: false }, test: { skipped: true, report_url: 'None' } }
    testServer.answerNext(POLL, taskAnswer('completed', { result }))
    const run = await runIt()
    assert.equal(run.status, 'FAILED')
    assert.match(run.error_message, /could not be deployed, and the test server gives no reason/)
    await mailSink.waitForMail(mail => /run failed in deploy and test/.test(mail.subject ?? ''))
  })

  it('sends no mail', async () => {
    // Mails go out in order: when the one of this tested run is there, another would be, too.
    const tested = await world.liWei.untilFinished(await world.trigger())
    await mailSink.waitForMail(mail => mail.html?.includes(`/runs/${tested.id}"`) ?? false)
    assert.equal(mailSink.mails.length, 2)
  })
})
