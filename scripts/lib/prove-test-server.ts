import { rm } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { freePort } from './crat.ts'
import { playKillRounds, randomFrom, serviceToKill } from './prove/kill-rounds.ts'
import { measureTaskEnds, QUICK_SERVICE } from './prove/task-ends.ts'
import { startProofWorld } from './prove/world.ts'
import { stopSignal } from './signals.ts'
import { temporaryFolder } from './temporary-folder.ts'
import { done, failed, heading } from './terminal.ts'

const USAGE = `Shows that the test server survives: kill -9 at random moments, and how soon CRAT's page knows of an end.

  ./scripts/prove-test-server [--rounds 50] [--tasks 100] [--seed N]

After each kill the service must be whole, the old version or the new one, nothing else may run, and what CRAT says of
the run must be what became of it. A seed repeats the moments of an earlier proof.`

const MAX_DELAY_MS = 1_000

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '50' },
    tasks: { type: 'string', default: '100' },
    seed: { type: 'string', default: `${Date.now() % 1_000_000}` },
    help: { type: 'boolean', default: false },
  },
})
if (values.help) {
  console.log(USAGE)
  process.exit()
}

const stop = stopSignal()
const folder = await temporaryFolder('crat-proof-')
try {
  const port = await freePort(0)
  const world = await startProofWorld(folder, [serviceToKill(folder, port), QUICK_SERVICE], stop)
  try {
    await proveKills(port)
    await proveEnds()
  } finally {
    await world.close()
  }

  async function proveKills(servicePort: number): Promise<void> {
    heading(`kill -9, ${values.rounds} rounds, seed ${values.seed}`)
    const seen = new Map<string, number>()
    await playKillRounds(world, {
      ...{ rounds: Number(values.rounds), port: servicePort, random: randomFrom(Number(values.seed)) },
      onRound(round, { hit, status, isNew }) {
        seen.set(hit, (seen.get(hit) ?? 0) + 1)
        done(`round ${round}: hit in ${hit}; the run ${status}, the ${isNew ? 'new' : 'old'} version runs`)
      },
    })
    console.log([...seen].map(([hit, count]) => `${count} × ${hit}`).join(', '))
  }

  async function proveEnds(): Promise<void> {
    heading(`the end of a task on CRAT's page, ${values.tasks} tasks`)
    const delays = await measureTaskEnds(world, Number(values.tasks))
    const at = (share: number) => Math.round(delays[Math.ceil(delays.length * share) - 1] ?? 0)
    const figures = `median ${at(0.5)} ms, p95 ${at(0.95)} ms, worst ${at(1)} ms`
    if (at(1) > MAX_DELAY_MS) throw new Error(`An end was shown too late: ${figures}`)
    done(figures)
  }
} catch (error) {
  failed(stop.aborted ? 'Stopped' : (error as Error).message)
  process.exitCode = 1
} finally {
  await rm(folder, { recursive: true, force: true })
}
