// Runs the scheduler of the workers against a clock that jumps; --help says more.
import { parseArgs } from 'node:util'
import { type SimulationResult, simulate } from './lib/simulation.ts'
import { paint } from './lib/terminal.ts'

const HELP = `Runs the workers' own scheduler against a clock that jumps, with environments that fail, hang and vanish by a seed.
Prints waiting times, how idle the environments were and how fair the queue was; checks the promises after each event.

  npm run simulate -- [--environments 50] [--runs 5000] [--items 200] [--seed 1] [--seeds 1]

With --seeds N it repeats with N seeds, from --seed on, and prints what they have in common. Ends with 1 where a promise
is broken.`

const { values } = parseArgs({
  options: {
    environments: { type: 'string', default: '50' },
    runs: { type: 'string', default: '5000' },
    items: { type: 'string', default: '200' },
    seed: { type: 'string', default: '1' },
    seeds: { type: 'string', default: '1' },
    help: { type: 'boolean', default: false },
  },
})
if (values.help) console.log(HELP)
else process.exitCode = simulateSeeds() ? 0 : 1

function simulateSeeds(): boolean {
  const [environments, runs, items] = [values.environments, values.runs, values.items].map(Number)
  const first = Number(values.seed)
  let good = true
  for (let seed = first; seed < first + Number(values.seeds); seed += 1) {
    const result = simulate({ environments: environments ?? 1, runs: runs ?? 1, items: items ?? 1, seed })
    for (const what of result.broken) console.log(`${paint('red', 'BROKEN')} seed ${seed}, ${what}`)
    good &&= result.broken.length === 0
    if (values.seeds === '1') print(result, environments ?? 1)
  }
  console.log(good ? paint('green', 'Every promise was kept.') : paint('red', 'Promises were broken.'))
  return good
}

function print(result: SimulationResult, environments: number): void {
  const {
    ended,
    attempts,
    quarantines,
    lastedSeconds: lasted,
    busySeconds,
    idleSeconds,
    idleWhileWaited,
  } = result
  const part = (seconds: number) => `${((100 * seconds) / (lasted * environments)).toFixed(2)} %`
  const means = [...result.waitsByPerson.values()].map(mean)
  console.log(`runs           ${ended} ended in ${attempts} attempts, within ${hours(lasted)}`)
  console.log(`quarantines    ${quarantines}`)
  console.log(`waited         ${spread(result.waits)}`)
  console.log(`  for several  ${spread(result.waitsTogether)}`)
  console.log(`environments   busy ${part(busySeconds)}, idle ${part(idleSeconds)}`)
  console.log(`  idle though a run that fits waited: ${part(idleWhileWaited)} (the best possible is 0)`)
  console.log(
    `fairness       ${jain(means).toFixed(3)} between people (Jain's index of their mean waits; 1 is equal)`,
  )
}

function spread(seconds: number[]): string {
  const sorted = seconds.toSorted((a, b) => a - b)
  const at = (share: number) => hours(sorted[Math.floor((sorted.length - 1) * share)] ?? 0)
  return `median ${at(0.5)}, 95 of 100 ${at(0.95)}, longest ${at(1)} (${seconds.length} runs)`
}

function hours(seconds: number): string {
  return seconds < 3600 ? `${(seconds / 60).toFixed(1)} min` : `${(seconds / 3600).toFixed(1)} h`
}

function mean(values: number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length)
}

function jain(values: number[]): number {
  const squares = values.reduce((sum, value) => sum + value * value, 0)
  return squares === 0 ? 1 : values.reduce((sum, value) => sum + value, 0) ** 2 / (values.length * squares)
}
