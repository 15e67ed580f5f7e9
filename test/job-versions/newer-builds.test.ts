import assert from 'node:assert/strict'
import { it } from 'node:test'
import { Visitor } from '../http/visitor.ts'
import { coreBuild, LI_WEI, startWorld } from '../world/index.ts'

const world = await startWorld({ env: { ROLE: 'web' } })
const { anyone: jenkins, liWei } = world
const { db } = world.crat.ctx

async function announce(job: string, ...numbers: number[]): Promise<number[]> {
  const ids: number[] = []
  for (const number of numbers)
    ids.push((await jenkins.post('/builds', coreBuild(number, { JOB_NAME: job }))).body.data.id)
  return ids
}

it('a job says what came in after its selected build, and when it moves on', async () => {
  await announce('Core', 101, 102, 103, 104)
  await announce('Edge', 7)
  const { body: jobs } = await liWei.get('/job-versions')
  const seen = jobs.map((job: Record<string, { build_number: number }>) => [
    job.job_name,
    job.selected_build?.build_number,
    job.newest_build?.build_number,
    job.newer_builds,
  ])
  assert.deepEqual(seen, [
    ['Core', 101, 104, 3],
    ['Edge', 7, 7, 0],
  ])
  const [core] = jobs
  assert.equal(Date.parse(core.next_sync_at) - Date.parse(core.last_sync_time), 24 * 3_600_000)
})

it('says no time where auto-sync is off', async () => {
  const [id] = await announce('Held', 1, 2)
  const { body } = await liWei.put('/job-versions', { job_name: 'Held', build_id: id, auto_sync: false })
  assert.deepEqual([body.next_sync_at, body.newer_builds], [null, 1])
})

it('counts all builds where none is selected, and no more than a hundred', async () => {
  await announce('Busy', 1)
  const { count } = await db.build.createMany({
    data: Array.from({ length: 130 }, (_, nth) => ({
      ...{ jobName: 'Busy', buildNumber: nth + 2, packagePath: `busy/${nth}`, rawData: {} },
      createdAt: new Date(Date.now() + nth),
    })),
  })
  assert.equal(count, 130)
  const busy = async () => (await liWei.get('/job-versions/Busy')).body
  assert.deepEqual([(await busy()).newer_builds, (await busy()).newest_build.build_number], [100, 131])
  await db.jobVersion.update({ where: { jobName: 'Busy' }, data: { selectedBuildId: null } })
  assert.deepEqual([(await busy()).selected_build, (await busy()).newer_builds], [null, 100])
})

it('the pages say so, and take the newest on one click', async () => {
  const [, , newest = 0] = await announce('Player', 41, 42, 43)
  const page = await new Visitor(world.url).logIn(LI_WEI)
  for (const path of ['/builds?q=Player', '/builds?job_name=Player']) {
    const { html } = await page.open(path)
    assert.match(html, /<strong>2 newer<\/strong> · newest #43/)
    assert.match(html, /Auto-sync takes the newest <time[^>]*>in 2\d hours/)
  }
  const fields = { job_name: 'Player', build_id: `${newest}`, back: '/builds?q=Player' }
  const taken = await page.submit('/builds/select', fields)
  assert.equal(taken.path, '/builds?q=Player')
  assert.match(taken.html, /Build 43 of Player is selected/)
  assert.doesNotMatch(taken.html, /newest #43/)
})
