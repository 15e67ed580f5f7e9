import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { FILL_RUN_TRIGGERS, fillRunTriggers } from '../../src/jobs/fill-run-triggers.ts'
import { runJob } from '../../src/jobs/timetable.ts'
import { json, POLL, SUBMIT } from '../neighbours/test-server.ts'
import { startWorkingWorld, WANG_FANG } from '../world/index.ts'
import { html, RUNNING, type Run } from './story.ts'

const world = await startWorkingWorld()
const { testServer } = world.neighbours
const build = await world.buildCore(101)

async function failedRun(input = {}): Promise<Run> {
  testServer.answerNext(SUBMIT, html('broken', 500))
  const run = await world.liWei.untilFinished(await world.trigger(world.liWei, input))
  assert.equal(run.status, 'FAILED')
  return run
}

async function retry(id: number, who = world.liWei): Promise<Run> {
  const { status, body } = await who.post(`/deploy-test-runs/${id}/retry`)
  assert.equal(status, 200, body.error)
  return who.untilFinished(body.data.run_id)
}

const requestOf = (index: number): Run => JSON.parse(testServer.requestsTo(SUBMIT).at(index)?.body ?? '')

describe('a finished run again', () => {
  it('is a run of its own, of whoever retries, with the same build', async () => {
    const failed = await failedRun()
    const wangFang = await world.logIn(WANG_FANG)
    const run = await retry(failed.id, wangFang)
    assert.equal(run.status, 'COMPLETED')
    assert.equal(run.retry_of, failed.id)
    assert.equal(run.triggered_by, WANG_FANG)
    assert.equal(run.build_info_id, failed.build_info_id)
    assert.equal((await world.liWei.get(`/deploy-test-runs/${failed.id}`)).body.data.status, 'FAILED')
  })

  it('sends the parameters of then, whatever the set and the selection say now', async () => {
    const set = await world.admin.post('/parameter-sets', {
      name: 'Shanghai',
      parameters: { install_dir: '/opt/then', base_url: world.neighbours.reportServer.url },
    })
    const failed = await failedRun({ parameter_set_id: set.body.data.id })
    await world.admin.put(`/parameter-sets/${set.body.data.id}`, { parameters: { install_dir: '/opt/now' } })
    await world.buildCore(102)
    await world.liWei.post('/job-versions/CDN%2FCore/sync')

    const run = await retry(failed.id)

    assert.equal(run.build_number, 101)
    assert.equal(run.parameter_set_id, set.body.data.id)
    assert.deepEqual(requestOf(-1), requestOf(-2))
    assert.equal(requestOf(-1).install_dir, '/opt/then')
  })

  it('uses the addresses that are set now: the mended one', async () => {
    await world.admin.put('/settings/external_test_server_url', { value: 'http://127.0.0.1:1' })
    const failed = await world.liWei.untilFinished(await world.trigger())
    await world.admin.put('/settings/external_test_server_url', { value: testServer.url })
    assert.equal(failed.error_code, 'refused')
    assert.equal((await retry(failed.id)).status, 'COMPLETED')
  })

  it('is possible after success, after a cancel and of a retry', async () => {
    const good = await world.liWei.untilFinished(await world.trigger())
    const again = await retry(good.id)
    assert.equal((await retry(again.id)).retry_of, again.id)
    testServer.answerAlways(POLL, RUNNING)
    const cancelled = await world.trigger()
    await world.liWei.post(`/deploy-test-runs/${cancelled}/cancel`)
    testServer.behave()
    assert.equal((await retry(cancelled)).status, 'COMPLETED')
  })

  it('is possible where its build and its parameter set are gone', async () => {
    const extra = { extra_key: { nested: [1, 2] } }
    const set = await world.admin.post('/parameter-sets', { name: 'Short-lived', parameters: extra })
    testServer.answerAlways(SUBMIT, json({ task_id: 'task-1' }, 202))
    testServer.answerAlways(POLL, json({ status: 'completed' }))
    const id = await world.trigger(world.liWei, { build_info_id: build, parameter_set_id: set.body.data.id })
    await world.liWei.untilFinished(id)
    assert.equal((await world.admin.delete(`/parameter-sets/${set.body.data.id}`)).status, 200)
    assert.equal((await world.admin.delete(`/builds/${build}`)).status, 200)
    const run = await retry(id)
    testServer.behave()
    assert.equal(run.status, 'COMPLETED')
    assert.equal(run.build_info_id, null)
    assert.equal(run.build_number, 101)
    assert.deepEqual(requestOf(-1).extra_key, { nested: [1, 2] })
  })
})

describe('a retry that cannot be', () => {
  it('is of a run that still runs', async () => {
    testServer.answerAlways(POLL, RUNNING)
    const id = await world.trigger()
    const { status, body } = await world.liWei.post(`/deploy-test-runs/${id}/retry`)
    assert.equal(status, 409)
    assert.match(body.error, /not finished/)
    testServer.behave()
    await world.liWei.untilFinished(id)
  })

  it('is of a run that is not there', async () => {
    assert.equal((await world.liWei.post('/deploy-test-runs/99999/retry')).status, 404)
  })
})

it('runs of earlier versions get how they were triggered, once', async () => {
  const { ctx } = world.crat
  const { db } = ctx
  const said = () => db.run.findMany({ select: { id: true, trigger: true }, orderBy: { id: 'asc' } })
  const last = await db.run.findFirstOrThrow({ where: { trigger: 'person' }, orderBy: { id: 'desc' } })
  await db.run.update({ where: { id: last.id }, data: { trigger: 'token', triggeredBy: 'token:nightly' } })
  const before = await said()
  assert.deepEqual([...new Set(before.map(({ trigger }) => trigger))].sort(), ['person', 'retry', 'token'])
  await db.run.updateMany({ data: { trigger: 'person' } })

  await runJob(ctx, FILL_RUN_TRIGGERS, fillRunTriggers)

  assert.deepEqual(await said(), before)
  const entry = await db.timetableEntry.findUniqueOrThrow({ where: { name: FILL_RUN_TRIGGERS } })
  assert.equal(entry.takenFor.getUTCFullYear(), 9999)
})
