import assert from 'node:assert/strict'
import { setTimeout as pause } from 'node:timers/promises'
import type { FaultCase, Figures } from '../fault-case.ts'
import { type FaultWorld, openFaultWorld, until } from '../world/index.ts'
import { openWitness } from '../world/witness.ts'

const SAMPLES = 30
const WAITING = 10
/** What may come between the first and the last third: caches fill, a heap settles. */
const MAY_GROW = { rss_mb: 1.15, heap_mb: 1.15, handles: 1.1, connections: 1.1 }

type Sample = Record<keyof typeof MAY_GROW, number>

/** Run after run after run, and nothing grows. */
export const soak: FaultCase = {
  name: 'soak',
  about: 'short runs, one after the other; memory, handles and connections stay flat',
  rounds: 300,
  async run(postgres, rounds) {
    await using stack = new AsyncDisposableStack()
    const world = await openFaultWorld(postgres, { role: 'all' })
    stack.defer(world.close)
    const witness = await openWitness(world)
    stack.defer(witness.close)
    await world.buildCore(7000)
    const began = performance.now()
    const samples: Sample[] = []
    let triggered = 0
    // What is lazily made with the first runs is no growth.
    const warmUp = Math.min(50, Math.floor(rounds / 6))
    const measured = rounds - warmUp
    while (samples.length < SAMPLES) {
      const due = warmUp + ((samples.length + 1) * measured) / SAMPLES
      await until(
        `${due} runs have ended`,
        async () => {
          const ended = await countEnded(world)
          while (triggered < Math.min(rounds, ended + WAITING))
            triggered += Number((await world.trigger()) > 0)
          return ended >= Math.floor(due)
        },
        180_000,
        50,
      )
      samples.push(await takeSample(world))
    }
    const seconds = (performance.now() - began) / 1000
    const runs = await world.sql('SELECT 1 FROM deploy_test_runs WHERE status <> $1', ['COMPLETED'])
    assert.equal(runs.length, 0, 'a run did not complete')
    return {
      runs_per_s: (rounds / seconds).toFixed(2),
      ...growth(samples),
      ...(await witness.everyMailArrived()),
    }
  },
}

async function countEnded({ sql }: FaultWorld): Promise<number> {
  const rows = await sql<{ count: number }>(
    'SELECT count(*)::int AS count FROM deploy_test_runs WHERE finished_at IS NOT NULL',
  )
  return rows[0]?.count ?? 0
}

/** After a collection of what is no longer used. */
async function takeSample({ web, postgres, databaseUrl }: FaultWorld): Promise<Sample> {
  web.collectGarbage()
  await pause(300)
  const metrics = await (await fetch(`${web.url()}/metrics`)).text()
  const figure = (name: string) =>
    Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(metrics)?.[1] ?? Number.NaN)
  const mb = (name: string) => figure(name) / 1024 ** 2
  return {
    rss_mb: mb('process_resident_memory_bytes'),
    heap_mb: mb('nodejs_heap_size_used_bytes'),
    handles: figure('nodejs_active_resources_total'),
    connections: await postgres.connections(new URL(databaseUrl).pathname.slice(1)),
  }
}

function growth(samples: Sample[]): Figures {
  const third = Math.floor(samples.length / 3)
  const figures: Figures = {}
  for (const [name, limit] of Object.entries(MAY_GROW) as [keyof Sample, number][]) {
    const first = median(samples.slice(0, third).map(sample => sample[name]))
    const last = median(samples.slice(-third).map(sample => sample[name]))
    figures[name] = `${first.toFixed(1)} → ${last.toFixed(1)}`
    assert.ok(last <= first * limit + 1, `${name} grew from ${first} to ${last}`)
  }
  return figures
}

function median(numbers: number[]): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN
}
