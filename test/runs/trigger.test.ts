import assert from 'node:assert/strict'
import { before, describe, it } from 'node:test'
import { makeDemoBuild } from '../neighbours/demo-build.ts'
import { POLL, SUBMIT } from '../neighbours/test-server.ts'
import { coreBuild, startWorkingWorld } from '../world/index.ts'
import { RUNNING, stepOf } from './story.ts'

const world = await startWorkingWorld()
const { packageServer, testServer } = world.neighbours

describe('Li Wei triggers', () => {
  let older = 0
  let newer = 0
  before(async () => {
    older = await world.buildCore(101)
    newer = await world.buildCore(102)
  })

  it('a build of her choice', async () => {
    const run = await world.liWei.untilFinished(await world.trigger(world.liWei, { build_info_id: newer }))
    assert.equal(run.build_number, 102)
    assert.equal(run.build_info.id, newer)
    assert.match(run.download_url, /c54239ed102.*release\.tgz$/)
  })

  it("without a choice, the job's selected build", async () => {
    await world.liWei.put('/job-versions', { job_name: 'CDN/Core', build_id: older })
    const run = await world.liWei.untilFinished(await world.trigger())
    assert.equal(run.build_number, 101)
  })

  it('without a body', async () => {
    const { status, body } = await world.liWei.post(`/test-items/${world.cds}/deploy-test`)
    assert.equal(status, 200)
    assert.deepEqual(Object.keys(body.data).sort(), [
      ...['build_info_id', 'queue_position', 'queued', 'run_id', 'warning'],
    ])
    await world.liWei.untilFinished(body.data.run_id)
  })

  it('the file that the build itself names', async () => {
    const { packagePath, packageName } = await makeDemoBuild(packageServer.root, { commit: 'd00d' })
    const { body } = await world.anyone.post(
      '/builds',
      coreBuild(103, { PACKAGE_PATH: `/${packagePath}/${packageName}` }),
    )
    const run = await world.liWei.untilFinished(
      await world.trigger(world.liWei, { build_info_id: body.data.id }),
    )
    assert.equal(run.status, 'COMPLETED')
    assert.equal(stepOf(run, 'download').details.choice.reason, 'direct')
  })

  it('and the package is not fetched again for the next run of the same build', async () => {
    const input = { build_info_id: older }
    const first = await world.liWei.untilFinished(await world.trigger(world.liWei, input))
    const second = await world.liWei.untilFinished(await world.trigger(world.liWei, input))
    assert.equal(stepOf(second, 'download').details.reused, true)
    assert.equal(second.download_path, first.download_path)
    assert.equal(second.package_sha256, first.package_sha256)
  })
})

describe('a trigger that cannot be', () => {
  const refused = async (path: string, body: object, status: number, says: RegExp) => {
    const submits = testServer.requestsTo(SUBMIT).length
    const answer = await world.liWei.post(path, body)
    assert.equal(answer.status, status, answer.body.error)
    assert.match(answer.body.error, says)
    assert.equal(testServer.requestsTo(SUBMIT).length, submits)
  }
  const deployTest = (id: number | string) => `/test-items/${id}/deploy-test`

  it('names no test item that exists', () => refused(deployTest(999), {}, 404, /no test item 999/))

  it('names no build that exists', () =>
    refused(deployTest(world.cds), { build_info_id: 999 }, 404, /no build 999/))

  it('names no parameter set that exists', () =>
    refused(deployTest(world.cds), { parameter_set_id: 999 }, 404, /no parameter set 999/))

  it("names another job's build", async () => {
    const { body } = await world.anyone.post('/builds', coreBuild(1, { JOB_NAME: 'CDN/Edge' }))
    await refused(deployTest(world.cds), { build_info_id: body.data.id }, 400, /CDN\/Edge.*CDN\/Core/)
  })

  it('finds no selected build', async () => {
    await world.admin.post('/builds/job-names', { job_name: 'CDN/New' })
    const item = await world.admin.post('/test-items', { name: 'new', associated_job_name: 'CDN/New' })
    await refused(deployTest(item.body.data.id), {}, 409, /CDN\/New has no selected build/)
  })

  it('is of an item without a job', async () => {
    const item = await world.admin.post('/test-items', { name: 'alone' })
    await refused(deployTest(item.body.data.id), {}, 409, /alone is not linked to a job/)
  })

  it('comes from nobody', async () => {
    const { status } = await world.anyone.post(deployTest(world.cds))
    assert.equal(status, 401)
  })
})

describe('a run under way', () => {
  it('is seen in the lists, with all its parts, and keeps its item from being deleted', async () => {
    testServer.answerAlways(POLL, RUNNING)
    const id = await world.trigger()
    const run = await world.liWei.untilRun(
      id,
      ({ steps, status }) => status === 'MONITORING' && stepOf({ steps }, 'monitor').progress !== null,
    )
    assert.equal(stepOf(run, 'monitor').progress.status, 'running:test')
    assert.equal(stepOf(run, 'monitor').progress.start_time, '2025-06-18 02:15:54')
    assert.equal(run.outcome, null)
    assert.equal(run.finished_at, null)
    const all = '/deploy-test-runs?status=&test_item_id='
    const lists = [all, '/deploy-test-runs?status=MONITORING', `/test-items/${world.cds}/deploy-runs?limit=1`]
    for (const path of lists) assert.equal((await world.liWei.get(path)).body.data[0].id, id, path)
    const deleted = await world.admin.delete(`/test-items/${world.cds}`)
    assert.equal(deleted.status, 409)
    testServer.behave()
    assert.equal((await world.liWei.untilFinished(id)).status, 'COMPLETED')
  })
})
