import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { triggerAnnouncedBuilds } from '../../src/triggers/trigger-on-build.ts'
import { type Answer, coreBuild, openWorld, startWorkingWorld } from '../world/index.ts'

const world = await startWorkingWorld({ env: { ROLE: 'web' } })
const other = await openWorld(world.dataDir, world.databaseUrl, { env: { ROLE: 'web' } })
await world.admin.put(`/test-items/${world.cds}`, { trigger_on_build: true })

const runsOf = async (item: number): Promise<Answer['body'][]> => {
  const { body } = await world.liWei.get(`/test-items/${item}/deploy-runs?limit=100`)
  return body.data.sort((a: Answer['body'], b: Answer['body']) => a.build_number - b.build_number)
}
const triggerIn = ({ crat }: Pick<typeof world, 'crat'>) => triggerAnnouncedBuilds(crat.ctx, crat.ctx.log)

describe('fifty builds of a job whose item is tested on each', () => {
  it('each get one run, though several processes create them and one is announced twice', async () => {
    await world.buildCore(101)
    await triggerIn(world)
    for (let number = 102; number < 150; number += 1) await world.anyone.post('/builds', coreBuild(number))
    assert.equal((await world.anyone.post('/builds', coreBuild(149))).status, 200)
    await world.buildCore(150)
    await Promise.all([triggerIn(world), triggerIn(other), triggerIn(world)])
    assert.deepEqual(
      (await runsOf(world.cds)).map(run => run.build_number),
      Array.from({ length: 50 }, (_, index) => 101 + index),
    )
  })

  it('leave the first and the last to be tested; the rest say by what they were replaced', async () => {
    const runs = await runsOf(world.cds)
    const waiting = runs.filter(({ status }) => status === 'PENDING')
    assert.deepEqual(
      waiting.map(run => [run.build_number, run.queue_position]),
      [
        [101, null],
        [150, 1],
      ],
    )
    for (const run of runs.slice(1, -1)) {
      assert.equal(run.status, 'CANCELLED')
      assert.match(run.cancelled_by, /^newer build #1\d\d$/)
      assert.ok(Number(run.cancelled_by.slice(-3)) > run.build_number, run.cancelled_by)
    }
  })

  it('are tested as soon as a process works, and nobody is mailed', async () => {
    await openWorld(world.dataDir, world.databaseUrl, {})
    for (const { id } of (await runsOf(world.cds)).filter(({ status }) => status !== 'CANCELLED')) {
      const run = await world.liWei.untilFinished(id)
      assert.deepEqual(
        [run.status, run.trigger, run.triggered_by],
        ['COMPLETED', 'build', 'trigger:build'],
        run.error_message,
      )
      const notify = run.steps.find(({ name }: { name: string }) => name === 'notify')
      assert.deepEqual([notify.status, notify.details], ['SKIPPED', { reason: 'by_itself' }])
    }
    // The next one wakes it, long before the timetable does.
    const began = Date.now()
    await world.anyone.post('/builds', coreBuild(151))
    while ((await runsOf(world.cds)).length < 51) assert.ok(Date.now() - began < 20_000, 'nobody was woken')
  })
})

describe('a build that is announced', () => {
  const own = (JOB_NAME: string, number = 7) =>
    world.anyone.post('/builds', coreBuild(number, { JOB_NAME, PACKAGE_PATH: `${JOB_NAME}/${number}` }))
  const itemOf = async (job: string, more: object = {}) => {
    const input = { name: `item of ${job}`, associated_job_name: job, environment_labels: [job], ...more }
    return (await world.admin.post('/test-items', input)).body.data.id
  }

  it('while no process works is tested by the next one, also where it was selected otherwise', async () => {
    const older = (await own('later', 6)).body.data
    const item = await itemOf('later', { trigger_on_build: true })
    await own('later', 7)
    const { body } = await world.liWei.get('/job-versions/later')
    assert.equal(body.selected_build.id, older.id)
    await triggerIn(other)
    assert.deepEqual(
      (await runsOf(item)).map(run => [run.build_number, run.trigger]),
      [[7, 'build']],
    )
  })

  it('is not tested by items of other jobs, nor by those that are not tested on each build', async () => {
    const asked = await itemOf('quiet', { trigger_on_build: false })
    const elsewhere = await itemOf('elsewhere', { trigger_on_build: true })
    await own('quiet')
    await triggerIn(world)
    assert.deepEqual([...(await runsOf(asked)), ...(await runsOf(elsewhere))], [])
  })

  it('does not replace the run of a person, and says why it cannot be tested only in the log', async () => {
    const item = await itemOf('mixed', { trigger_on_build: true })
    const { body } = await own('mixed', 1)
    const asked = await world.liWei.post(`/test-items/${item}/deploy-test`, { build_info_id: body.data.id })
    await own('mixed', 2)
    await triggerIn(world)
    const run = (await world.liWei.get(`/deploy-test-runs/${asked.body.data.run_id}`)).body.data
    assert.equal(run.status, 'PENDING')
    await world.crat.ctx.db.testItem.update({ where: { id: item }, data: { scriptBundle: 'gone' } })
    await own('mixed', 3)
    await triggerIn(world)
    assert.equal(await world.crat.ctx.db.buildTrigger.count(), 0)
  })
})
