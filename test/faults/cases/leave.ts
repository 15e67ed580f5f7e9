import assert from 'node:assert/strict'
import { setTimeout as pause } from 'node:timers/promises'
import { SUBMIT } from '../../neighbours/test-server.ts'
import { type FaultCase, type Figures, spread } from '../fault-case.ts'
import { HOLDS, type Hold, holdRun } from '../world/hold.ts'
import { type CratProcess, type FaultWorld, type LogLine, openFaultWorld, until } from '../world/index.ts'
import { isFinished, openWitness, type Witness } from '../world/witness.ts'

/** A worker that leaves in order is gone within so long, and its run is taken over at once by another. */
const GONE_WITHIN_MS = 10_000
const TAKEN_OVER_WITHIN_MS = 5_000
/** One that dies without a word. */
const NOTICED_WITHIN_MS = 30_000

interface Leaving {
  signal: 'SIGTERM' | 'SIGKILL'
  /** Who goes on: another worker that runs already, or the same one, started again. */
  heir: 'other' | 'itself'
  withinMs: number
}

export const leaveCases: FaultCase[] = [
  leaving('leave/sigterm', 'a worker is asked to end; another goes on', {
    signal: 'SIGTERM',
    heir: 'other',
    withinMs: TAKEN_OVER_WITHIN_MS,
  }),
  leaving('leave/sigterm-restart', 'a worker is asked to end and started again', {
    signal: 'SIGTERM',
    heir: 'itself',
    withinMs: TAKEN_OVER_WITHIN_MS,
  }),
  leaving('leave/death', 'a worker dies; another notices', {
    signal: 'SIGKILL',
    heir: 'other',
    withinMs: NOTICED_WITHIN_MS,
  }),
  leaving('leave/death-restart', 'a worker dies and is started again', {
    signal: 'SIGKILL',
    heir: 'itself',
    withinMs: TAKEN_OVER_WITHIN_MS,
  }),
]

function leaving(name: string, about: string, how: Leaving): FaultCase {
  return {
    name,
    about: `${about}; once in each of ${HOLDS.length} states`,
    rounds: HOLDS.length,
    ...(name === 'leave/sigterm' && { quick: 1 }),
    async run(postgres, rounds) {
      await using stack = new AsyncDisposableStack()
      const world = await openFaultWorld(postgres)
      stack.defer(world.close)
      const witness = await openWitness(world)
      stack.defer(witness.close)
      const figures = { gone: [] as number[], taken_over: {} as Record<string, number> }
      for (let round = 0; round < rounds; round += 1) {
        const hold = HOLDS[round % HOLDS.length]
        if (hold) await playRound(world, witness, how, hold, { round, ...figures })
      }
      const { status } = await leaveWithOpenPages(world)
      // The last worker was asked to end, maybe before it had sent the last mail.
      await world.open('worker')
      const mails = await witness.everyMailArrived()
      const shown: Figures = { gone_after: spread(figures.gone), web_with_open_pages: status }
      return { ...shown, gone_on_after: eachOf(figures.taken_over), ...mails }
    },
  }
}

interface Round {
  round: number
  gone: number[]
  taken_over: Record<string, number>
}

async function playRound(
  world: FaultWorld,
  witness: Witness,
  { signal, heir, withinMs }: Leaving,
  hold: Hold,
  { round, gone, taken_over }: Round,
): Promise<void> {
  const submits = world.neighbours.testServer.requestsTo(SUBMIT).length
  const workers = [await world.open('worker'), ...(heir === 'other' ? [await world.open('worker')] : [])]
  const id = await holdRun(world, witness, hold, 4000 + round)
  const goesOn = sayingOf(hold, id)
  const { leaver, other } = whoDrives(workers, hold, id)

  const inTime = hold.state === 'TESTING' && signal === 'SIGTERM'
  // A submit that is under way is waited for: its answer cannot be had a second time.
  if (inTime) setTimeout(() => hold.release(world), 1_000)
  const asked = Date.now()
  const { code, ms } = await leaver.end(signal)
  gone.push(ms)
  if (signal === 'SIGTERM') {
    assert.equal(code, 0, `in ${hold.state}: ended with ${code} after ${ms} ms: ${leaver.complaints()}`)
    assert.ok(ms < GONE_WITHIN_MS, `in ${hold.state}: gone after ${ms} ms`)
  }
  if (hold.state === 'mail') hold.release(world)

  const successor = other ?? leaver
  const left = Date.now()
  if (!other) await leaver.start()
  // How long a start takes is the machine's business.
  const ready = Date.now()
  const time = await untilGoesOn(successor, witness, { id, goesOn, hold, withinMs, asked })
  taken_over[hold.state] = Math.max(0, time - left)
  if (hold.state !== 'mail')
    assert.ok(time - ready < withinMs, `run ${id} in ${hold.state} went on after ${time - ready} ms`)
  hold.release(world)
  await until(`run ${id} ends`, async () => isFinished(await witness.statusOf(id)), 60_000)
  await checkEnd(world, witness, { id, hold, signal, submits })
  await successor.end('SIGTERM')
}

const eachOf = (figures: Record<string, number>) =>
  Object.entries(figures)
    .map(([state, ms]) => `${state} ${(ms / 1000).toFixed(2)} s`)
    .join(', ')

/** A mail may be with either: the one that drove its run sends it, unless the other is faster. */
function whoDrives(workers: CratProcess[], hold: Hold, id: number) {
  const said = (crat: CratProcess) =>
    crat.lines.some(({ runId, msg }) => runId === id && msg === 'run started')
  const leaver = workers.find(said) ?? workers[0]
  const other = workers.find(worker => worker !== leaver) ?? null
  assert.ok(leaver, `nobody drives run ${id} in ${hold.state}`)
  return { leaver, other }
}

const sayingOf = (hold: Hold, id: number) => (line: LogLine) =>
  line.runId === id && (hold.state === 'mail' ? /^mail sent$/ : /^run resumed$/).test(line.msg)

interface Waiting {
  id: number
  goesOn: (line: LogLine) => boolean
  hold: Hold
  withinMs: number
  asked: number
}

/** When the heir went on, or the end of a run that must not go on. */
async function untilGoesOn(
  successor: CratProcess,
  witness: Witness,
  { id, goesOn, hold, withinMs, asked }: Waiting,
): Promise<number> {
  if (hold.state === 'TESTING') {
    // Its submit was cut off, or was answered in time.
    const moved = async () => (await witness.statusOf(id)) !== 'TESTING'
    await until(`run ${id} leaves ${hold.state}`, moved, withinMs + 5_000)
    return Date.now()
  }
  // A mail is tried again after a first pause of its queue.
  const patience = hold.state === 'mail' ? 40_000 : withinMs + 5_000
  return (await successor.untilSays(goesOn, patience, asked)).time
}

async function checkEnd(
  world: FaultWorld,
  witness: Witness,
  { id, hold, signal, submits }: { id: number; hold: Hold; signal: string; submits: number },
): Promise<void> {
  const status = await witness.statusOf(id)
  const interrupted = hold.state === 'TESTING' && signal === 'SIGKILL'
  assert.equal(status, interrupted ? 'FAILED' : 'COMPLETED', `run ${id}, left in ${hold.state}`)
  assert.equal(world.neighbours.testServer.requestsTo(SUBMIT).length - submits, 1)
}

/** A page that listens to events keeps its connection for ever; nobody waits for it. */
async function leaveWithOpenPages({ web, liWei }: FaultWorld): Promise<{ status: string }> {
  const live = await fetch(`${web.url()}/live`, { headers: { authorization: `Bearer ${liWei.token}` } })
  assert.equal(live.status, 200)
  const reading = live.text().catch(() => 'cut')
  await pause(100)
  const { code, ms } = await web.end('SIGTERM')
  assert.equal(code, 0)
  assert.ok(ms < GONE_WITHIN_MS, `the web process was gone after ${ms} ms`)
  await reading
  await web.start()
  return { status: `gone after ${(ms / 1000).toFixed(2)} s` }
}
