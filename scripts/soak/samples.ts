import type { FileHandle } from 'node:fs/promises'
import { execa } from 'execa'
import { query } from '../../test/faults/world/postgres.ts'
import { median } from '../bench/statistics.ts'
import type { SoakWorld } from './world.ts'

/** Figures by their names: `web rss`, `database`, `connections` and the like. Megabytes, or numbers of things. */
export type Sample = Record<string, number>

/** What may come on top between the first and the last third of the time: a share, and a little of it at all. */
const MAY_GROW: [name: RegExp, share: number, more: number][] = [
  [/ rss$/, 0.1, 5],
  [/ heap$/, 0.15, 3],
  [/ handles$/, 0.1, 3],
  [/^connections$/, 0, 2],
  [/^(database|dead rows|files)$/, 0.15, 5],
]

/** Appends each as a line of JSON, so that the figures of a soak that was cut short are there. */
export async function takeSample(world: SoakWorld, file: FileHandle): Promise<Sample> {
  const ofProcesses = await Promise.all(world.processes.map(({ name, crat }) => readMetrics(name, crat.url)))
  const sample = Object.assign(
    {},
    ...ofProcesses,
    await readDatabase(world),
    await readFiles(world),
  ) as Sample
  await file.appendFile(`${JSON.stringify({ at: new Date(), ...sample })}\n`)
  return sample
}

async function readMetrics(name: string, url: string): Promise<Sample> {
  const text = await (await fetch(`${url}/metrics`, { signal: AbortSignal.timeout(10_000) })).text()
  const read = (metric: string) => Number(new RegExp(`^${metric} (\\S+)$`, 'm').exec(text)?.[1] ?? Number.NaN)
  return {
    [`${name} rss`]: read('process_resident_memory_bytes') / 1e6,
    [`${name} heap`]: read('nodejs_heap_size_used_bytes') / 1e6,
    [`${name} handles`]: read('nodejs_active_resources_total'),
  }
}

async function readDatabase({ databaseUrl }: SoakWorld): Promise<Sample> {
  const [row] = await query<{ size: number; dead: number; connections: number }>(
    databaseUrl,
    `SELECT pg_database_size(current_database()) / 1e6::float8 AS size,
       (SELECT sum(n_dead_tup * pg_relation_size(relid) / greatest(n_live_tup + n_dead_tup, 1)) / 1e6::float8
        FROM pg_stat_user_tables)::float8 AS dead,
       (SELECT count(*)::int FROM pg_stat_activity
        WHERE datname = current_database() AND application_name <> 'faults') AS connections`,
  )
  return { database: row?.size ?? 0, 'dead rows': row?.dead ?? 0, connections: row?.connections ?? 0 }
}

/** What CRAT keeps on disk: packages, reports. */
async function readFiles({ folder }: SoakWorld): Promise<Sample> {
  // Files that are removed meanwhile make it complain.
  const { stdout } = await execa('du', ['-sk', `${folder}/crat`], { reject: false })
  return { files: Number.parseInt(stdout, 10) / 1000 }
}

export interface Growth {
  name: string
  first: number
  last: number
  grew: boolean
}

/** Medians of the first and of the last third, after a quarter in which caches fill and what is old begins to go. */
export function growthOf(samples: Sample[]): Growth[] {
  const steady = samples.slice(Math.ceil(samples.length / 4))
  const third = Math.floor(steady.length / 3)
  if (third === 0) return []
  return Object.keys(steady[0] ?? {}).map(name => {
    const middle = (part: Sample[]) => median(part.map(sample => sample[name] ?? Number.NaN))
    const [first, last] = [middle(steady.slice(0, third)), middle(steady.slice(-third))]
    const [, share, more] = MAY_GROW.find(([names]) => names.test(name)) ?? [null, 0, 0]
    return { name, first, last, grew: !(last <= first * (1 + share) + more) }
  })
}
