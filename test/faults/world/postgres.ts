import { randomBytes } from 'node:crypto'
import { execa } from 'execa'
import pg from 'pg'
import { openCluster } from '../../../src/postgres/cluster.ts'
import { startEmbeddedPostgres } from '../../../src/postgres/embedded.ts'
import { migrate } from '../../../src/postgres/migrate.ts'
import { findServer, startServer, stopServer } from '../../../src/postgres/server.ts'

/** A real PostgreSQL that can be taken away in every way a server goes, always on the same port. */
export interface FaultyPostgres {
  /** An empty CRAT database of its own. */
  createDatabase(): Promise<{ url: string; drop(): Promise<void> }>
  /** As its superuser, in no case's database. */
  sql(text: string): Promise<void>
  /** How many CRAT has to that database. */
  connections(database: string): Promise<number>
  start(): Promise<void>
  /** `fast` as at a shutdown, `immediate` as after a crash. */
  stop(mode: 'fast' | 'immediate'): Promise<void>
  restart(mode?: 'fast' | 'immediate'): Promise<void>
  /** Neither answers nor closes anything, as a server whose disk or host hangs. */
  freeze(): Promise<void>
  thaw(): Promise<void>
  close(): Promise<void>
}

/** Makes it once; its migrated database is the template of each case's own. */
export async function startFaultyPostgres(folder: string): Promise<FaultyPostgres> {
  const embedded = await startEmbeddedPostgres(folder, { durable: false })
  await migrate(embedded.url)
  await embedded.stop()
  const server = new URL(embedded.url)
  server.pathname = '/postgres'
  const cluster = await openCluster(folder)
  let frozen: number[] = []

  async function start(): Promise<void> {
    if (!(await findServer(cluster))) await startServer(cluster, Number(server.port), false)
  }

  async function stop(mode: 'fast' | 'immediate'): Promise<void> {
    await thaw()
    if (await findServer(cluster)) await stopServer(cluster, mode)
  }

  async function freeze(): Promise<void> {
    const running = await findServer(cluster)
    if (!running) return
    frozen = [running.pid, ...(await childrenOf(running.pid))]
    for (const pid of frozen) signal(pid, 'SIGSTOP')
  }

  async function thaw(): Promise<void> {
    for (const pid of frozen.toReversed()) signal(pid, 'SIGCONT')
    frozen = []
  }

  await start()
  return {
    async createDatabase() {
      const name = `faults_${randomBytes(6).toString('hex')}`
      await query(server.href, `CREATE DATABASE ${name} TEMPLATE crat`)
      const url = new URL(server.href)
      url.pathname = name
      return {
        url: url.href,
        drop: () => query(server.href, `DROP DATABASE ${name} WITH (FORCE)`).then(() => {}),
      }
    },
    sql: async text => void (await query(server.href, text)),
    async connections(database) {
      const rows = await query<{ count: number }>(
        server.href,
        `SELECT count(*)::int AS count FROM pg_stat_activity
         WHERE datname = $1 AND application_name <> 'faults'`,
        [database],
      )
      return rows[0]?.count ?? 0
    },
    ...{ start, stop, freeze, thaw },
    async restart(mode = 'fast') {
      await stop(mode)
      await start()
    },
    close: () => stop('immediate'),
  }
}

/** One statement on a connection of its own; tolerates that the server is taken away under it. */
export async function query<T extends pg.QueryResultRow>(
  url: string,
  sql: string,
  values: unknown[] = [],
): Promise<T[]> {
  const client = new pg.Client({ connectionString: url, application_name: 'faults' })
  client.on('error', () => {})
  await client.connect()
  try {
    return (await client.query<T>(sql, values)).rows
  } finally {
    await client.end().catch(() => {})
  }
}

async function childrenOf(pid: number): Promise<number[]> {
  const { stdout } = await execa('ps', ['-A', '-o', 'pid=,ppid='], { lines: true })
  const rows = stdout.map(line => line.trim().split(/\s+/).map(Number))
  return rows.flatMap(([child = 0, parent]) => (parent === pid ? [child] : []))
}

function signal(pid: number, name: 'SIGSTOP' | 'SIGCONT'): void {
  try {
    process.kill(pid, name)
  } catch {
    // It ended in this moment.
  }
}
