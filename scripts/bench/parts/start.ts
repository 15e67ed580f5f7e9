import type { Bench, Part } from '../bench.ts'
import { atMost } from '../figures.ts'
import { inTurns, median } from '../statistics.ts'

export const start: Part = {
  name: 'start',
  about:
    'from the start of the process until /ready, on a migrated database, against an Express with one route',
  async measure(bench) {
    const databaseUrl = await bench.freshDatabase()
    const rounds = bench.options.quick ? 3 : 9
    const { empty, ours } = await inTurns(rounds, {
      empty: () => startEmpty(bench),
      ours: () => startOurs(bench, databaseUrl),
    })
    const seconds = median(ours)
    bench.record({
      ...{ name: 'ready after', unit: 's', machine: median(empty), ours: seconds },
      target: atMost(0.5, 's', seconds),
    })
  },
}

async function startEmpty(bench: Bench): Promise<number> {
  const began = performance.now()
  const program = bench.startProgram('empty-server.ts')
  await program.said
  const seconds = (performance.now() - began) / 1000
  await program.stop()
  return seconds
}

async function startOurs(bench: Bench, databaseUrl: string): Promise<number> {
  const server = await bench.startServer(databaseUrl)
  await server.stop()
  return server.startSeconds
}
