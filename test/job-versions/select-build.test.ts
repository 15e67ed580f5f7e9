import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { CORE, coreBuild, LI_WEI, startWorld, WANG_FANG } from '../world/index.ts'

const world = await startWorld({ env: { ROLE: 'web' } })
const { anyone: jenkins, liWei, admin } = world
const wangFang = await world.logIn(WANG_FANG)

const builds: number[] = []
for (const number of [101, 102, 103])
  builds.push((await jenkins.post('/builds', coreBuild(number))).body.data.id)
const [first, second, newest] = builds
const CORE_URL = `/job-versions/${encodeURIComponent(CORE)}`

const history = async () =>
  (await liWei.get(`${CORE_URL}/history`)).body.data.map(
    ({ build, selected_by, reason }: { build: { id: number }; selected_by: string; reason: string }) => [
      build.id,
      selected_by,
      reason,
    ],
  )

/** As if the last choice had been made so long ago. */
const turnBack = (hours: number) =>
  world.crat.ctx.db.jobVersion.updateMany({
    data: { lastSyncTime: new Date(Date.now() - hours * 3_600_000) },
  })

const secondsAgo = (time: string) => (Date.now() - Date.parse(time)) / 1000

describe('Li Wei chooses the build to test', () => {
  it('and it is selected, with auto-sync as it was', async () => {
    await turnBack(30)
    const { status, body } = await liWei.put('/job-versions', { job_name: CORE, build_id: second })

    assert.equal(status, 200, body.error)
    assert.equal(body.job_name, CORE)
    assert.equal(body.selected_build.id, second)
    assert.equal(body.auto_sync_enabled, true)
    assert.deepEqual((await liWei.get(CORE_URL)).body, body)
    assert.deepEqual((await liWei.get('/job-versions')).body, [body])
  })

  it('which holds for an interval', async () => {
    assert.ok(secondsAgo((await liWei.get(CORE_URL)).body.last_sync_time) < 30)
    assert.equal((await liWei.post('/job-versions/auto-sync')).body.sync_count, 0)
    assert.equal((await liWei.get(CORE_URL)).body.selected_build.id, second)
  })

  it('the same again holds for another interval, and is no change', async () => {
    await turnBack(30)
    await wangFang.put('/job-versions', { job_name: CORE, build_id: second })
    assert.ok(secondsAgo((await liWei.get(CORE_URL)).body.last_sync_time) < 30)
    assert.deepEqual(await history(), [
      [second, LI_WEI, 'manual'],
      [first, 'jenkins', 'first'],
    ])
  })

  it('and switches auto-sync off and on with it', async () => {
    const off = await liWei.put('/job-versions', { job_name: CORE, build_id: first, auto_sync: false })
    assert.equal(off.body.auto_sync_enabled, false)
    await turnBack(1000)
    assert.equal((await liWei.post('/job-versions/auto-sync')).body.sync_count, 0)
    assert.equal((await liWei.get(CORE_URL)).body.selected_build.id, first)
    const on = await liWei.put('/job-versions', { job_name: CORE, build_id: first, auto_sync: true })
    assert.equal(on.body.auto_sync_enabled, true)
  })

  it('and everybody sees who changed what, newest first', async () => {
    await wangFang.put('/job-versions', { job_name: CORE, build_id: newest })
    assert.deepEqual(await history(), [
      [newest, WANG_FANG, 'manual'],
      [first, LI_WEI, 'manual'],
      [second, LI_WEI, 'manual'],
      [first, 'jenkins', 'first'],
    ])
    const page = (await liWei.get(`${CORE_URL}/history?limit=1&offset=1`)).body
    assert.deepEqual([page.total, page.limit, page.offset, page.data.length], [4, 1, 1, 1])
    assert.equal(page.data[0].build.id, first)
  })
})

describe('what cannot be chosen', () => {
  it('is a build of another job', async () => {
    const edge = await jenkins.post('/builds', coreBuild(1, { JOB_NAME: 'CDN/Edge' }))
    const { status, body } = await liWei.put('/job-versions', {
      ...{ job_name: CORE, build_id: edge.body.data.id },
    })
    assert.equal(status, 400)
    assert.equal(body.code, 'build_of_other_job')
    assert.match(body.error, /belongs to the job CDN\/Edge, not to CDN\/Core/)
    assert.equal((await liWei.get(CORE_URL)).body.selected_build.id, newest)
  })

  it('is what does not exist', async () => {
    const unknownJob = await liWei.put('/job-versions', { job_name: 'nobody', build_id: first })
    assert.deepEqual([unknownJob.status, unknownJob.body.code], [404, 'job_not_found'])
    const unknownBuild = await liWei.put('/job-versions', { job_name: CORE, build_id: 2_147_483_647 })
    assert.deepEqual([unknownBuild.status, unknownBuild.body.code], [404, 'build_not_found'])
    for (const path of ['/job-versions/nobody', '/job-versions/nobody/history'])
      assert.equal((await liWei.get(path)).status, 404, path)
    assert.equal((await liWei.post('/job-versions/nobody/sync')).status, 404)
  })

  it('is what makes no sense', async () => {
    for (const wrong of [
      { build_id: 2 ** 31 },
      { build_id: 1e300 },
      { build_id: 0 },
      { build_id: -1 },
      { build_id: 1.5 },
      { build_id: `${first}` },
      { build_id: null },
      { job_name: null },
      { job_name: '' },
      { auto_sync: 'yes' },
      { auto_sync: null },
    ]) {
      const { status, body } = await liWei.put('/job-versions', { job_name: CORE, build_id: first, ...wrong })
      assert.equal(status, 400, JSON.stringify(wrong))
      assert.deepEqual([body.details[0].path], Object.keys(wrong))
    }
  })
})

describe('Wang Fang moves a job to its newest build', () => {
  it('whenever it was synced last', async () => {
    await liWei.put('/job-versions', { job_name: CORE, build_id: first })
    const { status, body } = await wangFang.post(`${CORE_URL}/sync`)
    assert.equal(status, 200, body.error)
    assert.equal(body.selected_build.id, newest)
    assert.deepEqual((await history())[0], [newest, WANG_FANG, 'manual'])
    const entry = await world.crat.ctx.db.auditEntry.findFirst({ orderBy: { id: 'desc' } })
    assert.deepEqual(
      [entry?.actor, entry?.action, entry?.before, entry?.after],
      [WANG_FANG, 'select build', { build_number: 101 }, { build_number: 103 }],
    )
  })

  it('which has builds', async () => {
    await admin.post('/builds/job-names', { job_name: 'empty' })
    const { status, body } = await wangFang.post('/job-versions/empty/sync')
    assert.equal(status, 404)
    assert.equal(body.code, 'job_without_builds')
    assert.equal((await liWei.get('/job-versions/empty')).body.selected_build, null)
  })
})

describe('an admin deletes a job version', () => {
  it('and its builds stay; the next one makes the job known again', async () => {
    const { status, body } = await admin.delete(CORE_URL)
    assert.equal(status, 200)
    assert.deepEqual(Object.keys(body), ['message'])
    assert.equal((await liWei.get(CORE_URL)).status, 404)
    assert.equal((await liWei.get(`/builds/${first}`)).status, 200)
    assert.equal((await admin.delete(CORE_URL)).status, 404)

    const { body: next } = await jenkins.post('/builds', coreBuild(104))
    const job = (await liWei.get(CORE_URL)).body
    assert.equal(job.selected_build.id, next.data.id)
    assert.equal((await history()).length, 1)
  })
})
