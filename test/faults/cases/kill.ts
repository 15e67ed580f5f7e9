import assert from 'node:assert/strict'
import { setTimeout as pause } from 'node:timers/promises'
import { SUBMIT } from '../../neighbours/test-server.ts'
import type { FaultCase, Figures } from '../fault-case.ts'
import { type CratProcess, type FaultWorld, openFaultWorld, until } from '../world/index.ts'
import { isFinished, openWitness, type Witness } from '../world/witness.ts'

/** Where a worker is killed: at any moment, or when the run stands so. The slow lines and commits make each wide. */
const POINTS: [point: string, reached: (world: FaultWorld, seen: Seen) => boolean][] = [
  ['TESTING', (_world, { status }) => status === 'TESTING'],
  ['MONITORING', (_world, { status }) => status === 'MONITORING'],
  ['in the mail', ({ lines }) => lines.mails.open() > 0],
  ['DOWNLOADING', (_world, { status }) => status === 'DOWNLOADING'],
  ['submit left', ({ neighbours }, { submits }) => neighbours.testServer.requestsTo(SUBMIT).length > submits],
  ['PENDING', (_world, { status }) => status === 'PENDING'],
  ['DOWNLOADED', (_world, { status }) => status === 'DOWNLOADED'],
  ['between end and mail', (_world, { status }) => isFinished(status)],
]

interface Seen {
  status: string
  /** Before this round. */
  submits: number
}

export const kill: FaultCase = {
  name: 'kill',
  about: 'kill -9 of workers at random moments of every state',
  rounds: 100,
  quick: 1,
  async run(postgres, rounds) {
    await using stack = new AsyncDisposableStack()
    const world = await openFaultWorld(postgres, {
      neighbours: { testServer: { canned: true, minPhaseMs: 150 } },
    })
    stack.defer(world.close)
    const workers = await Promise.all([world.open('worker'), world.open('worker')])
    const witness = await openWitness(world)
    stack.defer(witness.close)
    await slowDown(world)
    const killedIn: Record<string, number> = {}
    let interrupted = 0
    for (let round = 0; round < rounds; round += 1) {
      const { state, status } = await playRound(world, witness, workers, round)
      killedIn[state] = (killedIn[state] ?? 0) + 1
      if (status === 'FAILED') interrupted += 1
    }
    return {
      killed: tally(killedIn),
      interrupted_submits: interrupted,
      ...(await countLosses(world, witness)),
    }
  },
}

/** Commits of a run's states last, so that a kill also falls between a deed and its being known. */
async function slowDown({ lines, sql }: FaultWorld): Promise<void> {
  lines.packages.bytesPerSecond = 300_000
  lines.tests.delayMs = () => Math.random() * 300
  lines.mails.delayMs = () => 100
  await sql(`
    CREATE FUNCTION dawdle() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN PERFORM pg_sleep(random() * 0.3); RETURN NULL; END $$;
    CREATE CONSTRAINT TRIGGER dawdle AFTER UPDATE OF status ON deploy_test_runs
      DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION dawdle()`)
}

async function playRound(world: FaultWorld, witness: Witness, workers: CratProcess[], round: number) {
  const build = await world.buildCore(1000 + round, 250_000)
  const submits = world.neighbours.testServer.requestsTo(SUBMIT).length
  const id = await world.trigger({ build_info_id: build })
  await untilMoment(world, witness, id, round, submits)

  const victims = victimsOf(workers, id, round)
  await Promise.all(victims.map(worker => worker.end('SIGKILL')))
  // A commit that was under way may still come through; nobody takes the run over so soon.
  await pause(350)
  const state = await witness.statusOf(id)
  await Promise.all([
    ...victims.map(worker => worker.start()),
    until(`run ${id}, killed in ${state}, ends`, async () => isFinished(await witness.statusOf(id)), 90_000),
  ])
  const [run] = await world.sql<{ status: string; error_key: string | null; error_message: string | null }>(
    'SELECT status, error_key, error_message FROM deploy_test_runs WHERE id = $1',
    [id],
  )
  const sent = world.neighbours.testServer.requestsTo(SUBMIT).length - submits
  const interrupted = run?.error_key === 'test-server:submit_interrupted'
  assert.ok(
    run?.status === 'COMPLETED' || (interrupted && state === 'TESTING'),
    `run ${id}, killed in ${state}, ended ${run?.status}: ${run?.error_message}`,
  )
  assert.ok(sent === 1 || (interrupted && sent === 0), `run ${id} was submitted ${sent} times`)
  return { state, status: run.status }
}

/** Every second round at any moment of the run's three seconds, the others at each point in turn. */
async function untilMoment(world: FaultWorld, witness: Witness, id: number, round: number, submits: number) {
  if (round % 2 === 1) return pause(Math.random() * 3000)
  const [point, reached] = POINTS[(round / 2) % POINTS.length] ?? ['', () => true]
  const look = async () => reached(world, { status: await witness.statusOf(id), submits })
  await until(`run ${id} comes to: ${point}`, look, 60_000, 10)
  await pause(Math.random() * 250)
}

/** Whoever drives it; every fourth time all of them. */
function victimsOf(workers: CratProcess[], id: number, round: number): CratProcess[] {
  const drivers = workers.filter(({ lines }) =>
    lines.some(({ msg, runId }) => runId === id && /^run (started|resumed)$/.test(msg)),
  )
  return round % 4 === 3 || drivers.length === 0 ? workers : drivers
}

async function countLosses(world: FaultWorld, witness: Witness): Promise<Figures> {
  const twice = await world.sql(
    'SELECT run_id, name FROM deploy_test_steps GROUP BY run_id, name HAVING count(*) > 1',
  )
  assert.deepEqual(twice, [], 'a step was done twice')
  assert.ok(witness.mostActive() <= 1, `${witness.mostActive()} runs were active at once`)
  return { most_active_at_once: witness.mostActive(), ...(await witness.everyMailArrived()) }
}

const tally = (counts: Record<string, number>) =>
  Object.entries(counts)
    .map(([state, count]) => `${state} ${count}`)
    .join(', ')
