import assert from 'node:assert/strict'
import { setTimeout as pause } from 'node:timers/promises'
import { SUBMIT } from '../../neighbours/test-server.ts'
import { ApiClient } from '../../world/api-client.ts'
import type { FaultCase, Figures } from '../fault-case.ts'
import { type CratProcess, type FaultWorld, openFaultWorld, until } from '../world/index.ts'
import { openWitness } from '../world/witness.ts'

const KILL_EVERY_MS = 2_000

/** Many triggers at once, many processes, and one of them is always dying. */
export const crowd: FaultCase = {
  name: 'crowd',
  about: 'triggers at once with three workers and two webs, a random one killed every few seconds',
  rounds: 200,
  async run(postgres, rounds) {
    await using stack = new AsyncDisposableStack()
    const world = await openFaultWorld(postgres)
    stack.defer(world.close)
    const processes = [world.web, await world.open('web')]
    for (let workers = 0; workers < 3; workers += 1) processes.push(await world.open('worker'))
    const witness = await openWitness(world)
    stack.defer(witness.close)
    await world.buildCore(6000)
    // Long enough for some to be killed in the middle.
    world.lines.tests.delayMs = () => Math.random() * 200
    const sets: number[] = []
    for (let i = 0; i < rounds; i += 1) sets.push(await makeSet(world, i))

    const webs = processes.slice(0, 2).map(({ url }) => new ApiClient(url(), world.liWei.token))
    const again = await Promise.all(sets.map((set, i) => triggerAt(world, webs[i % 2] ?? world.liWei, set)))
    const told_to_come_again = again.reduce((sum, times) => sum + times, 0)
    const killing = new AbortController()
    const kills = killAtRandom(processes, killing.signal)
    try {
      await until('all have ended', async () => (await unfinished(world)) === 0, rounds * 6_000, 500)
    } finally {
      killing.abort()
    }
    const killed = await kills
    const mails = await witness.everyMailArrived()
    assert.equal(witness.mostActive(), 1)
    return { ...(await inOrder(world, rounds)), told_to_come_again, killed, ...mails }
  },
}

/** Of its own for each run, so that the test server's requests tell whose they are. */
async function makeSet({ admin }: FaultWorld, i: number): Promise<number> {
  const parameters = { report_keyword: `run-${i}` }
  const { status, body } = await admin.post('/parameter-sets', { name: `set ${i}`, parameters })
  assert.equal(status, 201, body.error)
  return body.data.id
}

/** Says how often it was asked to try again: what is answered 503 has changed nothing. */
async function triggerAt({ cds }: FaultWorld, web: ApiClient, parameter_set_id: number): Promise<number> {
  for (let again = 0; ; again += 1) {
    const { status, body } = await web.post(`/test-items/${cds}/deploy-test`, { parameter_set_id })
    if (status === 503 && again < 10) await pause(500 + Math.random() * 1_000)
    else {
      assert.equal(status, 200, body.error)
      return again
    }
  }
}

/** Says how many were killed; all live again when it ends. */
async function killAtRandom(processes: CratProcess[], stop: AbortSignal): Promise<number> {
  let killed = 0
  const starting = new Set<CratProcess>()
  const starts: Promise<void>[] = []
  while (!stop.aborted) {
    await pause(KILL_EVERY_MS * (0.5 + Math.random()), undefined, { signal: stop }).catch(() => {})
    const victim = processes[Math.floor(Math.random() * processes.length)]
    if (!victim || starting.has(victim) || stop.aborted) continue
    await victim.end('SIGKILL')
    killed += 1
    starting.add(victim)
    const start = victim.start().finally(() => starting.delete(victim))
    // Told at the end, with the others.
    start.catch(() => {})
    starts.push(start)
  }
  await Promise.all(starts)
  return killed
}

async function unfinished({ sql }: FaultWorld): Promise<number> {
  const rows = await sql<{ count: number }>(
    'SELECT count(*)::int AS count FROM deploy_test_runs WHERE finished_at IS NULL',
  )
  return rows[0]?.count ?? 0
}

async function inOrder({ sql, neighbours }: FaultWorld, rounds: number): Promise<Figures> {
  const runs = await sql<{ id: number; status: string; error_key: string | null; from: Date; to: Date }>(
    `SELECT id, status::text, error_key, started_at AS from, finished_at AS to
     FROM deploy_test_runs ORDER BY started_at, id`,
  )
  assert.equal(runs.length, rounds)
  const interrupted = runs.filter(({ error_key }) => error_key === 'test-server:submit_interrupted').length
  for (const [i, run] of runs.entries()) {
    const before = runs[i - 1]
    assert.ok(run.status === 'COMPLETED' || run.error_key, `run ${run.id} is ${run.status}`)
    if (!before) continue
    assert.ok(before.id < run.id, `run ${run.id} started after run ${before.id}`)
    assert.ok(before.to <= run.from, `run ${run.id} started before run ${before.id} had ended`)
  }
  const completed = runs.filter(({ status }) => status === 'COMPLETED').length
  assert.equal(completed + interrupted, rounds, 'a run failed for another reason')
  const keywords = neighbours.testServer.requestsTo(SUBMIT).map(({ body }) => JSON.parse(body).report_keyword)
  assert.equal(new Set(keywords).size, keywords.length, 'a run was submitted twice')
  return { completed, interrupted_submits: interrupted, submits: keywords.length }
}
