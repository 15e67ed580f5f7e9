import assert from 'node:assert/strict'
import { setTimeout as pause } from 'node:timers/promises'
import { startTestServer } from '../../neighbours/test-server.ts'
import type { FaultCase, Figures } from '../fault-case.ts'
import { type CratProcess, type FaultWorld, openFaultWorld, until } from '../world/index.ts'
import { isFinished, openWitness } from '../world/witness.ts'

const FIRST_KILL_MS = 1_000
const KILL_EVERY_MS = 3_000
const MACHINES = ['rack-1', 'rack-2', 'rack-3']

/** Three environments, two workers, runs of uneven length, and a worker that dies every few seconds. */
export const environments: FaultCase = {
  name: 'environments',
  about: 'runs of uneven length in three environments with two workers, one of them killed every few seconds',
  rounds: 60,
  quick: 5,
  async run(postgres, rounds) {
    await using stack = new AsyncDisposableStack()
    const world = await openFaultWorld(postgres)
    stack.defer(world.close)
    await addMachines(world, stack)
    const workers = await Promise.all([world.open('worker'), world.open('worker')])
    const witness = await openWitness(world)
    stack.defer(witness.close)
    await world.buildCore(101)
    const ids: number[] = []
    for (let i = 0; i < rounds; i += 1) ids.push(await world.trigger())

    const killed = await killUntil(workers, async () => {
      const states = await Promise.all(ids.map(id => witness.statusOf(id)))
      // A worker frees an environment after the end of its run.
      return states.every(isFinished) && (await countHeld(world)) === 0
    })
    assert.ok(witness.mostActive() <= MACHINES.length, `${witness.mostActive()} runs were active at once`)
    return { killed, ...(await countEnds(world)), ...(await witness.everyMailArrived()) }
  },
}

async function addMachines(world: FaultWorld, stack: AsyncDisposableStack): Promise<void> {
  let turn = 0
  for (const name of MACHINES) {
    const server = await startTestServer({
      ...{ workDir: `${world.dataDir}/${name}`, reportDir: world.dataDir, reportBaseUrl: '', protocol: 2 },
      async work({ service_name, upgrade_type }, { enter }) {
        await enter('running:test')
        await pause([2_000, 200, 900, 500][turn++ % 4] ?? 0)
        return {
          deploy: { service: service_name, upgrade_type, success: true },
          test: { report_url: 'None' },
        }
      },
    })
    stack.defer(server.close)
    const answer = await world.admin.post('/environments', { name, test_server_url: server.url })
    assert.equal(answer.status, 201, answer.body.error)
  }
  const paused = await world.admin.put('/environments/1', { state: 'paused' })
  assert.equal(paused.status, 200, paused.body.error)
}

async function killUntil(workers: CratProcess[], isOver: () => Promise<boolean>): Promise<number> {
  let killed = 0
  let killAt = Date.now() + FIRST_KILL_MS
  await until(
    'all runs end',
    async () => {
      if (await isOver()) return true
      if (Date.now() < killAt) return false
      const victim = workers[killed % workers.length]
      await victim?.end('SIGKILL')
      await victim?.start()
      killed += 1
      killAt = Date.now() + KILL_EVERY_MS
      return false
    },
    600_000,
    100,
  )
  return killed
}

async function countHeld({ sql }: FaultWorld): Promise<number> {
  return (await sql('SELECT FROM run_environments WHERE released_at IS NULL')).length
}

async function countEnds({ sql }: FaultWorld): Promise<Figures> {
  const bad = await sql("SELECT id, error_message FROM deploy_test_runs WHERE status <> 'COMPLETED'")
  assert.deepEqual(bad, [], 'a run did not end well')
  const both = await sql(`
    SELECT a.run_id, b.run_id FROM run_environments a JOIN run_environments b
      ON a.environment_id = b.environment_id AND a.id < b.id
    WHERE b.started_at < a.released_at`)
  assert.deepEqual(both, [], 'two runs were in one environment')
  const places = await sql('SELECT DISTINCT environment_id FROM run_environments')
  assert.equal(places.length, MACHINES.length, 'an environment was never used')
  const [{ runs } = { runs: 0 }] = await sql<{ runs: number }>(
    'SELECT count(*)::int AS runs FROM deploy_test_runs',
  )
  return { runs }
}
