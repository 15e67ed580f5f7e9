import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { getDelivery, listDeliveries } from '../../src/notifications/outbox.ts'
import { startNeighbours } from '../neighbours/index.ts'
import { stepOf, stepsOf } from '../runs/story.ts'
import { CORE, coreBuild, LI_WEI, mailEnvironment, openWorld, startWorld } from '../world/index.ts'

const world = await startWorld()
const item = await world.admin.post('/test-items', { name: 'cds', associated_job_name: CORE })
await world.anyone.post('/builds', coreBuild())

describe('a CRAT that nobody has set up yet', () => {
  let runId = 0

  async function failedRun() {
    const { body } = await world.liWei.post(`/test-items/${item.body.data.id}/deploy-test`)
    return world.liWei.untilFinished(body.data.run_id)
  }

  it('fails a run without a package server, and says which setting is missing', async () => {
    const run = await failedRun()
    assert.equal(run.status, 'FAILED')
    assert.match(run.error_message, /package server is not set.*package_download_base_url/)
    assert.deepEqual(stepsOf(run), ['download FAILED', 'notify RUNNING'])
    runId = run.id
  })

  it('fails a run without a test server, and says which setting is missing', async t => {
    const neighbours = await startNeighbours()
    t.after(() => neighbours.close())
    neighbours.packageServer.answerAlways('cds.tgz', {
      body: Buffer.from('H4sIAAAAAAAAAwMAAAAAAAAAAAA=', 'base64'),
    })
    await world.admin.put('/settings', { package_download_base_url: neighbours.packageServer.url })
    await world.anyone.post('/builds', coreBuild(102, { PACKAGE_PATH: 'build/cds.tgz' }))
    await world.liWei.post('/job-versions/CDN%2FCore/sync')
    const run = await failedRun()
    assert.match(run.error_message, /external_test_server_url/)
    assert.deepEqual(stepsOf(run), ['download COMPLETED', 'test FAILED', 'notify RUNNING'])
    assert.equal(stepOf(run, 'test').error, run.error_message)
  })

  it('keeps the mail in the outbox, readable', async () => {
    const { data } = await listDeliveries(world.crat.ctx, { limit: 9, offset: 0, status: 'waiting' })
    assert.equal(data.length, 2)
    const [mail] = data.filter(candidate => candidate.runId === runId)
    assert.ok(mail)
    assert.equal(mail.recipient, LI_WEI)
    assert.equal(mail.attempts, 0)
    const { text, html } = await getDelivery(world.crat.ctx.db, mail.id)
    assert.match(text, /package_download_base_url/)
    assert.match(html, /package_download_base_url/)
  })

  it('sends it when it is started with a mail server', async t => {
    const neighbours = await startNeighbours()
    t.after(() => neighbours.close())
    await world.crat.stop()
    const later = await openWorld(world.dataDir, world.databaseUrl, { env: mailEnvironment(neighbours) })
    const mail = await neighbours.mailSink.waitForMail(
      ({ html }) => html?.includes(`/runs/${runId}"`) ?? false,
    )
    assert.deepEqual(mail.recipients, [LI_WEI])
    await later.liWei.untilRun(runId, run => stepOf(run, 'notify').status === 'COMPLETED')
  })
})
