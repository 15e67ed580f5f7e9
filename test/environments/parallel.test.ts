import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { mailEnvironment, openWorld, startWorkingWorld } from '../world/index.ts'
import { addMachines } from './machines.ts'
import { readTimeline } from './timeline.ts'

// One serves, two work: each free environment takes the next run that fits it, whoever drives it.
const world = await startWorkingWorld({ env: { ROLE: 'web' } })
await world.buildCore(101)
await world.admin.put('/environments/1', { state: 'paused' })
let turn = 0
const uneven = () => [1500, 100, 700, 300, 1100, 50, 900][turn++ % 7] ?? 100
await addMachines(world, ['rack-1', 'rack-2', 'rack-3'], { milliseconds: uneven })
for (const _ of [1, 2])
  await openWorld(world.dataDir, world.databaseUrl, {
    env: { ...mailEnvironment(world.neighbours), ROLE: 'worker' },
  })

describe('ten runs of uneven length, three environments and two workers', () => {
  it('fill every environment, one run in each, in the order of the queue', async () => {
    const ids: number[] = []
    for (let i = 0; i < 10; i++) ids.push(await world.trigger())
    for (const id of ids) {
      const run = await world.liWei.untilFinished(id, 60_000)
      assert.equal(run.status, 'COMPLETED', run.error_message ?? '')
    }

    const timeline = await readTimeline(world.crat.ctx.db)
    assert.equal(timeline.held.length, 10)
    assert.deepEqual(timeline.overlaps(), [])
    assert.deepEqual(timeline.outOfOrder(), [])
    // How soon is for the simulation and the bench to say: here the machine is busy with other tests.
    assert.deepEqual(timeline.idle(10_000), [])
    assert.equal(new Set(timeline.held.map(({ environmentId }) => environmentId)).size, 3)
  })

  it('tell where they ran', async () => {
    const { body } = await world.liWei.get('/deploy-test-runs')
    for (const run of body.data) {
      assert.match(run.environment, /^rack-[123]$/)
      assert.equal(run.environments.length, 1)
      assert.equal(run.environments[0].name, run.environment)
      assert.equal(run.environments[0].status, 'COMPLETED')
      assert.equal(run.environments[0].task_id, run.task_id)
      assert.equal(run.attempt, 1)
      assert.equal(run.waiting_for, null)
    }
  })
})
