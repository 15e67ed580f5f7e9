import assert from 'node:assert/strict'
import { type FaultCase, spread } from '../fault-case.ts'
import { HOLDS, type Hold, holdRun } from '../world/hold.ts'
import { type FaultWorld, openFaultWorld, until } from '../world/index.ts'
import { openWitness, type Witness } from '../world/witness.ts'

const WITHIN_MS = 1_000

const POLL_PAUSE: Hold = {
  state: 'the pause between two polls',
  begin: ({ neighbours }) =>
    neighbours.testServer.answerAlways(/^GET \/api\/tasks\//, {
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ task_id: 'task-1', status: 'running:test' }),
    }),
  holds: ({ neighbours }) => neighbours.testServer.requestsTo(/^GET \/api\/tasks\//).length > 0,
  release: ({ neighbours }) => neighbours.testServer.behave(),
}

const POLL_HANGS: Hold = {
  state: 'a poll that hangs',
  begin: ({ neighbours }) => neighbours.testServer.answerAlways(/^GET \/api\/tasks\//, 'silence'),
  holds: (_world, status) => status === 'MONITORING',
  release: ({ neighbours }) => neighbours.testServer.behave(),
}

/** From the trigger to the end; `mail` is none of the run's own. */
const STATES = [POLL_PAUSE, POLL_HANGS, ...HOLDS.filter(({ state }) => state !== 'mail')]

export const cancel: FaultCase = {
  name: 'cancel',
  about: 'a run is cancelled in every state, from another process and from the one that drives it',
  rounds: STATES.length * 2,
  quick: 1,
  async run(postgres, rounds) {
    const took: number[] = []
    const next: number[] = []
    const half = Math.ceil(rounds / 2)
    for (const [role, count] of [['web', half] as const, ['all', rounds - half] as const]) {
      if (count === 0) continue
      await using stack = new AsyncDisposableStack()
      const world = await openFaultWorld(postgres, { role, settings: { query_interval: 30 } })
      stack.defer(world.close)
      if (role === 'web') await world.open('worker')
      const witness = await openWitness(world)
      stack.defer(witness.close)
      await cancelQueued(world, witness)
      for (const [i, hold] of STATES.slice(0, count).entries())
        await cancelHeld(world, witness, hold, { build: 5001 + i, took, next })
    }
    return { let_go_after: spread(took), next_run_seen_after: spread(next) }
  },
}

async function cancelRun({ liWei }: FaultWorld, id: number): Promise<number> {
  const { status, body } = await liWei.post(`/deploy-test-runs/${id}/cancel`)
  assert.equal(status, 200, body.error)
  assert.equal(body.data.status, 'CANCELLED')
  return Date.parse(body.data.finished_at)
}

async function cancelQueued(world: FaultWorld, witness: Witness): Promise<void> {
  POLL_HANGS.begin(world)
  await world.buildCore(5000)
  const [active, queued] = [await world.trigger(), await world.trigger()]
  await cancelRun(world, queued)
  await cancelRun(world, active)
  assert.equal(await witness.statusOf(queued), 'CANCELLED')
  POLL_HANGS.release(world)
}

async function cancelHeld(
  world: FaultWorld,
  witness: Witness,
  hold: Hold,
  { build, took, next }: { build: number; took: number[]; next: number[] },
): Promise<void> {
  const id = await holdRun(world, witness, hold, build)
  const behind = await world.trigger()
  const cancelled = await cancelRun(world, id)

  const started = async () => (await witness.statusOf(behind)) !== 'PENDING'
  await until(`the run behind ${id}, cancelled in ${hold.state}, starts`, started, 10_000, 10)
  next.push(Date.now() - cancelled)
  const [run] = await world.sql<{ started_at: Date }>(
    'SELECT started_at FROM deploy_test_runs WHERE id = $1',
    [behind],
  )
  // The lane's next run starts as soon as the driver has let go of this one.
  const releaseRun = (run?.started_at.getTime() ?? 0) - cancelled
  took.push(releaseRun)
  assert.ok(releaseRun < WITHIN_MS, `cancelled in ${hold.state}, the lane was free after ${releaseRun} ms`)
  await cancelRun(world, behind)
  hold.release(world)
}
