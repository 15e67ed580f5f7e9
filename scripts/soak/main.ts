// Hours of a company's weeks, with everything on; --help says more.
import { open, rm } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { query } from '../../test/faults/world/postgres.ts'
import { cleanUpAll } from '../lib/processes.ts'
import { stopSignal } from '../lib/signals.ts'
import { temporaryFolder } from '../lib/temporary-folder.ts'
import { fact, heading, paint } from '../lib/terminal.ts'
import { growthOf, type Sample, takeSample } from './samples.ts'
import { startTraffic, type Traffic } from './traffic.ts'
import { openSoakWorld, type SoakWorld } from './world.ts'

const HELP = `Lets CRAT live for hours with everything on, and looks at what grows: memory, handles, connections, tables, files.

  npm run soak -- [--minutes 120] [--samples FILE]

One process for people and two for runs, on a PostgreSQL of their own; three environments, one of which fails now and
then; builds, runs by people, by builds and by a schedule; five channels and mail; ten people with forty open pages;
what is kept for months is kept for a quarter of an hour. Each sample is a line of JSON in FILE. Prints the medians of
the first and of the last third, after a quarter that does not count. Ends with 1 where something grew or failed.`

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '120' },
    samples: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
})
const SAMPLE_EVERY_MS = 10_000
const TELL_EVERY = 30

const stop = stopSignal()
const cleanUps: (() => Promise<void>)[] = []
if (values.help) console.log(HELP)
else await soak(Number(values.minutes) * 60_000).finally(() => cleanUpAll(cleanUps))
// At once: the engine that migrated holds the process for ten seconds.
process.exit()

async function soak(ms: number): Promise<void> {
  const folder = await temporaryFolder('crat-soak-')
  cleanUps.push(() => rm(folder, { recursive: true, force: true }))
  const file = await open(values.samples ?? `${folder}/samples.jsonl`, 'a')
  cleanUps.push(() => file.close())
  const world = await openSoakWorld(folder, cleanUp => cleanUps.push(cleanUp), stop)
  const time = AbortSignal.any([stop, AbortSignal.timeout(ms)])
  const traffic = await startTraffic(world, time)
  const samples: Sample[] = []
  heading(`${ms / 60_000} minutes, from ${new Date().toISOString()}`)
  while (!time.aborted) {
    await sleep(SAMPLE_EVERY_MS, undefined, { signal: time }).catch(() => {})
    samples.push(await takeSample(world, file))
    if (samples.length % TELL_EVERY === 0) tellProgress(samples, traffic)
  }
  await traffic.ended
  await tellOutcome(world, samples, traffic)
}

function tellProgress(samples: Sample[], { counts, errors }: Traffic): void {
  const last = Object.entries(samples.at(-1) ?? {}).filter(([name]) => !name.endsWith('heap'))
  const figures = last.map(([name, value]) => `${name} ${Math.round(value)}`).join(', ')
  console.log(
    `${new Date().toISOString()} ${counts['runs triggered']} runs, ${errors.length} errors: ${figures}`,
  )
}

async function tellOutcome(world: SoakWorld, samples: Sample[], { counts, errors }: Traffic): Promise<void> {
  heading('What was done')
  const ends = await query<{ status: string; count: number }>(
    world.databaseUrl,
    'SELECT status::text, count(*)::int FROM deploy_test_runs GROUP BY status',
  )
  for (const [name, count] of Object.entries(counts)) fact(name.padEnd(26), `${count}`)
  fact('kept at the end'.padEnd(26), ends.map(({ status, count }) => `${count} ${status}`).join(', '))
  heading('First and last third')
  const growth = growthOf(samples)
  for (const { name, first, last, grew } of growth) {
    const line = `${first.toFixed(1).padStart(8)} → ${last.toFixed(1).padStart(8)}`
    fact(name.padEnd(26), grew ? `${line}  ${paint('red', 'grew')}` : line)
  }
  if (errors.length) heading('Errors')
  for (const error of errors) console.log(error)
  const failed = errors.length > 0 || growth.length === 0 || growth.some(({ grew }) => grew)
  process.exitCode = failed ? 1 : 0
}
