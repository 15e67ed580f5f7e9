import assert from 'node:assert/strict'
import { rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { coreBuild } from '../../world/people.ts'
import { type FaultCase, type Figures, spread } from '../fault-case.ts'
import { type FaultWorld, type FaultyPostgres, openFaultWorld, until } from '../world/index.ts'

const CLIENTS = 100

/** Announcements while PostgreSQL goes and comes back twice; none that was accepted may be missing or double. */
export const webhooks: FaultCase = {
  name: 'webhooks',
  about: `builds announced by ${CLIENTS} clients while PostgreSQL restarts twice`,
  rounds: 2_000,
  quick: 200,
  async run(postgres, rounds) {
    await using stack = new AsyncDisposableStack()
    const world = await openFaultWorld(postgres)
    stack.defer(world.close)
    const announced = new Map<number, { status: number; ms: number }>()
    const all = announceAll(world, rounds, announced)
    for (const part of [0.2, 0.6]) {
      await until(`${part} of the builds are announced`, () => announced.size >= rounds * part, 120_000)
      await postgres.stop('immediate')
      await pause(1_500)
      await postgres.start()
    }
    await all
    await until('nothing waits on disk', async () => (await spooled(world)) === 0, 60_000, 200)
    return {
      ...(await compare(world, announced)),
      answered_in: spread([...announced.values()].map(({ ms }) => ms)),
    }
  },
}

async function announceAll(
  { anyone }: FaultWorld,
  count: number,
  announced: Map<number, { status: number; ms: number }>,
): Promise<void> {
  let next = 1
  await Promise.all(
    Array.from({ length: CLIENTS }, async () => {
      for (let number = next++; number <= count; number = next++) {
        const began = performance.now()
        const { status } = await anyone.post('/builds', coreBuild(number))
        announced.set(number, { status, ms: performance.now() - began })
      }
    }),
  )
}

async function spooled({ web }: FaultWorld): Promise<number> {
  const ready = await fetch(`${web.url()}/ready`)
  return ((await ready.json()) as { spooled_builds: number }).spooled_builds
}

async function compare(world: FaultWorld, announced: Map<number, { status: number }>): Promise<Figures> {
  const rows = await world.sql<{ build_number: number; count: number }>(
    'SELECT build_number, count(*)::int AS count FROM build_info GROUP BY build_number',
  )
  const stored = new Map(rows.map(({ build_number, count }) => [build_number, count]))
  const counts: Record<string, number> = {}
  for (const [number, { status }] of announced) {
    counts[status] = (counts[status] ?? 0) + 1
    assert.ok([201, 202, 503].includes(status), `build ${number} was answered ${status}`)
    if (status < 300)
      assert.equal(stored.get(number), 1, `build ${number}, answered ${status}, times in the table`)
  }
  const shown = Object.entries(counts).map(([status, count]) => `${count} × ${status}`)
  return { answers: shown.join(', '), stored: stored.size }
}

/** Nowhere to keep an announcement: the one case in which Jenkins is asked to try again. */
export const spoolNotWritable: FaultCase = {
  name: 'webhooks/no-disk',
  about: 'builds announced while neither PostgreSQL nor the disk takes them',
  rounds: 1,
  quick: 1,
  async run(postgres: FaultyPostgres) {
    await using stack = new AsyncDisposableStack()
    const world = await openFaultWorld(postgres)
    stack.defer(world.close)
    const spool = join(world.dataDir, 'spool')
    await rename(spool, `${spool}.away`).catch(() => {})
    // A file where the folder should be: what holds for root, too.
    await writeFile(spool, '')
    assert.equal(
      (await world.anyone.post('/builds', coreBuild(1))).status,
      201,
      'with PostgreSQL, without a disk',
    )
    await postgres.stop('fast')
    stack.defer(postgres.start)
    const refused = await world.anyone.post('/builds', coreBuild(2))
    assert.equal(refused.status, 503, JSON.stringify(refused.body))
    assert.ok(Number(refused.headers.get('retry-after')) > 0, 'no Retry-After')
    assert.ok(refused.body.error && refused.body.code)
    await rm(spool)
    const kept = await world.anyone.post('/builds', coreBuild(2))
    assert.equal(kept.status, 202)
    await postgres.start()
    await until(
      'it is stored',
      async () => (await world.sql('SELECT 1 FROM build_info')).length === 2,
      20_000,
    )
    return { refused: refused.body.error }
  },
}
