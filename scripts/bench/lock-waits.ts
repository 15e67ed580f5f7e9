import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'

export interface Wait {
  seconds: number
  table: string
}

export interface LockWatch {
  /** The longest that a read and a write waited since the last call. */
  take(): Promise<{ read: Wait; write: Wait }>
  stop(): Promise<void>
}

interface Probe {
  table: string
  current: Promise<void>
  longest: number
}

const READ = (table: string) => `SELECT FROM ${table} LIMIT 1`
/** As an update would: the lock of the table, and that of a row. */
const WRITE = (table: string) =>
  `BEGIN; LOCK TABLE ${table} IN ROW EXCLUSIVE MODE; SELECT FROM ${table} LIMIT 1 FOR NO KEY UPDATE; ROLLBACK`

/** Reads and writes these tables all the time, each on a connection of its own. */
export async function watchLocks(databaseUrl: string, tables: string[]): Promise<LockWatch> {
  const stop = new AbortController()
  const loops: Promise<void>[] = []

  async function start(table: string, sql: string): Promise<Probe> {
    const client = new pg.Client({ connectionString: databaseUrl })
    await client.connect()
    const probe: Probe = { table, current: Promise.resolve(), longest: 0 }
    const loop = async () => {
      while (!stop.signal.aborted) {
        probe.current = measure(client, sql, probe)
        await probe.current
        await sleep(5)
      }
      await client.end()
    }
    loops.push(loop())
    return probe
  }

  const reads = await Promise.all(tables.map(table => start(table, READ(table))))
  const writes = await Promise.all(tables.map(table => start(table, WRITE(table))))
  return {
    async take() {
      await Promise.all([...reads, ...writes].map(({ current }) => current))
      return { read: takeLongest(reads), write: takeLongest(writes) }
    },
    async stop() {
      stop.abort()
      await Promise.all(loops)
    },
  }
}

async function measure(client: pg.Client, sql: string, probe: Probe): Promise<void> {
  const began = performance.now()
  await client.query(sql)
  probe.longest = Math.max(probe.longest, (performance.now() - began) / 1000)
}

function takeLongest(probes: Probe[]): Wait {
  const waits = probes.map(({ table, longest }) => ({ table, seconds: longest }))
  for (const probe of probes) probe.longest = 0
  return waits.reduce((longest, wait) => (wait.seconds > longest.seconds ? wait : longest))
}
