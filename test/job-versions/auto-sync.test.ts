import assert from 'node:assert/strict'
import { beforeEach, describe, it } from 'node:test'
import { syncJobs } from '../../src/jobs/sync-jobs.ts'
import { coreBuild, LI_WEI, startWorld } from '../world/index.ts'

const world = await startWorld({ env: { ROLE: 'web' } })
const { anyone: jenkins, liWei, admin } = world
const { db } = world.crat.ctx

/** Two builds, of which the first is selected, since so many hours. */
async function job(JOB_NAME: string, hoursAgo: number): Promise<void> {
  for (const number of [101, 102]) await jenkins.post('/builds', coreBuild(number, { JOB_NAME }))
  const lastSyncTime = new Date(Date.now() - hoursAgo * 3_600_000)
  await db.jobVersion.update({ where: { jobName: JOB_NAME }, data: { lastSyncTime } })
}

const selected = async (name: string) =>
  (await liWei.get(`/job-versions/${name}`)).body.selected_build.build_number
const history = async (name: string) =>
  (await liWei.get(`/job-versions/${name}/history`)).body.data.map(
    ({ selected_by, reason }: { selected_by: string; reason: string }) => `${reason} by ${selected_by}`,
  )

beforeEach(async () => {
  await db.jobVersion.deleteMany()
  await db.jobVersionChange.deleteMany()
  await db.build.deleteMany()
  await admin.put('/settings', { auto_sync_interval_hours: 24 })
})

describe('auto-sync moves a job to its newest build', () => {
  it('where its last sync is at least an interval ago', async () => {
    await job('due', 24.001)
    await job('fresh', 23.9)
    await job('off', 1000)
    await db.jobVersion.update({ where: { jobName: 'off' }, data: { autoSyncEnabled: false } })

    const { status, body } = await liWei.post('/job-versions/auto-sync')

    assert.equal(status, 200)
    assert.deepEqual(body, { message: '1 job synced', sync_count: 1 })
    assert.deepEqual([await selected('due'), await selected('fresh'), await selected('off')], [102, 101, 101])
    assert.deepEqual(await history('due'), [`auto by ${LI_WEI}`, 'first by jenkins'])
    const { last_sync_time } = (await liWei.get('/job-versions/due')).body
    assert.ok(Date.now() - Date.parse(last_sync_time) < 30_000)
  })

  it('and then not before another interval', async () => {
    await job('due', 25)
    await liWei.post('/job-versions/auto-sync')
    await jenkins.post('/builds', coreBuild(103, { JOB_NAME: 'due' }))
    assert.equal((await liWei.post('/job-versions/auto-sync')).body.sync_count, 0)
    assert.equal(await selected('due'), 102)
  })

  it('as often as the settings say, at once', async () => {
    await job('hourly', 1.5)
    assert.equal((await liWei.post('/job-versions/auto-sync')).body.sync_count, 0)
    await admin.put('/settings', { auto_sync_interval_hours: 1 })
    assert.equal((await liWei.post('/job-versions/auto-sync')).body.sync_count, 1)
  })

  it('by itself, on the timetable', async () => {
    await job('due', 25)
    await syncJobs(world.crat.ctx)
    assert.equal(await selected('due'), 102)
    assert.deepEqual(await history('due'), ['auto by auto-sync', 'first by jenkins'])
  })

  it('without a line in its history where it is there already', async () => {
    await job('there', 0)
    await liWei.post('/job-versions/there/sync')
    await db.jobVersion.updateMany({ data: { lastSyncTime: new Date(0) } })
    await liWei.post('/job-versions/auto-sync')
    assert.deepEqual(await history('there'), [`manual by ${LI_WEI}`, 'first by jenkins'])
  })

  it('and passes over a job without builds', async () => {
    await admin.post('/builds/job-names', { job_name: 'empty' })
    await db.jobVersion.updateMany({ data: { lastSyncTime: new Date(0) } })
    await job('due', 25)
    assert.equal((await liWei.post('/job-versions/auto-sync')).status, 200)
    assert.equal(await selected('due'), 102)
    assert.equal((await liWei.get('/job-versions/empty')).body.selected_build, null)
  })
})
