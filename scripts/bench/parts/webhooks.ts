import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Announcements } from '../announcements.ts'
import type { Bench, Part } from '../bench.ts'
import { query } from '../databases.ts'
import { atMost, type Figure } from '../figures.ts'
import { runInWorker } from '../in-worker.ts'
import { failuresIn, type LoadResult, summarise } from '../load.ts'
import type { Server } from '../server.ts'
import { inTurns } from '../statistics.ts'

const CLIENTS = 64
/** Of CRAT: the default of SQL_MAX_OPEN_CONNS. */
const CONNECTIONS = 10
/** More builds than a round can announce. */
const ROUND = 1_000_000

export const webhooks: Part = {
  name: 'webhooks',
  about: 'builds announced by 64 clients, against single inserts of the same rows; whether all are stored',
  async measure(bench) {
    const server = await bench.startServer(await bench.freshDatabase())
    const run = randomBytes(4).toString('hex')
    const results = await inTurns(bench.pace.rounds, measurementsOf(bench, server, run))
    const ours = summarise(results.ours)
    const beside = results.beside && summarise(results.beside)
    for (const figure of figuresOf(summarise(results.machine), ours, beside)) bench.record(figure)
    bench.record(await countStored(server.databaseUrl, folderOf(run, 'ours'), ours.statuses))
  },
}

const folderOf = (run: string, who: string) => `bench/${run}/${who}`

function measurementsOf({ pace, other }: Bench, server: Server, run: string) {
  let round = 0
  const announce = (who: string): Announcements => ({
    ...{ spread: 'even', folder: folderOf(run, who) },
    from: 1 + ROUND * round++,
  })
  const load = (url: string, who: string) => () =>
    runInWorker<LoadResult>('http-load.ts', { ...pace, url, clients: CLIENTS, announce: announce(who) })
  const inserts = () =>
    runInWorker<LoadResult>('insert-load.ts', {
      ...{ ...pace, databaseUrl: server.databaseUrl, connections: CONNECTIONS },
      announce: announce('machine'),
    })
  return {
    machine: inserts,
    ours: load(server.url, 'ours'),
    beside: other ? load(other.url, 'beside') : undefined,
  }
}

type Summary = ReturnType<typeof summarise>

function figuresOf(machine: Summary, ours: Summary, beside: Summary | undefined): Figure[] {
  const isFast = ours.rate >= 4_000 || ours.rate >= 0.6 * machine.rate
  const of = (key: 'rate' | 'p50' | 'p99') => ({
    ...{ machine: machine[key], ours: ours[key] },
    ...(beside && { beside: beside[key] }),
  })
  return [
    {
      ...{ name: 'builds announced', unit: '/s', ...of('rate') },
      ...{ target: { text: '≥ 4,000/s or 0.6 ×', met: isFast }, note: failuresIn(ours.statuses) },
    },
    { name: 'answered, median', unit: 'ms', ...of('p50') },
    { name: 'answered, 99 of 100', unit: 'ms', ...of('p99'), target: atMost(50, 'ms', ours.p99) },
  ]
}

const STORED_WITHIN_MS = 60_000

/** Also those that were kept on disk for a while (202). */
async function countStored(
  databaseUrl: string,
  folder: string,
  statuses: Record<number, number>,
): Promise<Figure> {
  const promised = Object.entries(statuses).reduce(
    (sum, [status, n]) => sum + (Number(status) < 300 ? n : 0),
    0,
  )
  const deadline = Date.now() + STORED_WITHIN_MS
  let stored = 0
  for (;;) {
    stored = await count(databaseUrl, folder)
    if (stored >= promised || Date.now() > deadline) break
    await sleep(500)
  }
  const share = (100 * stored) / promised
  const target = { text: '100%', met: share >= 100 }
  return { name: 'stored of those', unit: '%', ours: share, target, note: `${stored} of ${promised}` }
}

async function count(databaseUrl: string, folder: string): Promise<number> {
  const rows = await query<{ count: number }>(
    databaseUrl,
    'SELECT count(*)::int AS count FROM build_info WHERE package_path LIKE $1',
    [`${folder}/%`],
  )
  return rows[0]?.count ?? 0
}
