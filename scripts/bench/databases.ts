import { randomBytes } from 'node:crypto'
import pg from 'pg'

/** Databases of one PostgreSQL server, made for this run of the bench. */
export interface Databases {
  version: string
  /** Makes an empty one, or a copy of another one that nobody is connected to. Resolves with its address. */
  create(template?: string): Promise<string>
  drop(databaseUrl: string): Promise<void>
  /** Drops all that were made. */
  close(): Promise<void>
}

export async function openDatabases(serverUrl: string): Promise<Databases> {
  const admin = new pg.Client({ connectionString: serverUrl })
  await admin.connect()
  const { rows } = await admin.query<{ version: string; number: number }>(
    `SELECT current_setting('server_version') AS version, current_setting('server_version_num')::int AS number`,
  )
  const { version = '', number = 0 } = rows[0] ?? {}
  // Otherwise a copy is written to the log page by page, from PostgreSQL 15 on.
  const copy = number >= 150_000 ? 'STRATEGY file_copy' : ''
  const run = `crat_bench_${randomBytes(3).toString('hex')}`
  const made = new Set<string>()

  async function drop(databaseUrl: string): Promise<void> {
    made.delete(databaseUrl)
    await admin.query(`DROP DATABASE ${nameOf(databaseUrl)} WITH (FORCE)`)
  }

  let count = 0
  return {
    version,
    async create(template) {
      count += 1
      const url = new URL(serverUrl)
      url.pathname = `/${run}_${count}`
      await admin.query(
        `CREATE DATABASE ${nameOf(url.href)} ${template ? `TEMPLATE ${nameOf(template)} ${copy}` : ''}`,
      )
      made.add(url.href)
      return url.href
    },
    drop,
    async close() {
      for (const url of made) await drop(url)
      await admin.end()
    },
  }
}

const nameOf = (databaseUrl: string) => new URL(databaseUrl).pathname.slice(1)

/** Does something with a connection of its own. */
export async function withConnection<T>(
  databaseUrl: string,
  act: (connection: pg.Client) => Promise<T>,
): Promise<T> {
  const connection = new pg.Client({ connectionString: databaseUrl, application_name: 'crat-bench' })
  await connection.connect()
  try {
    return await act(connection)
  } finally {
    await connection.end()
  }
}

/** The rows of one statement. */
export async function query<Row extends pg.QueryResultRow>(
  databaseUrl: string,
  sql: string,
  values: unknown[] = [],
): Promise<Row[]> {
  return withConnection(databaseUrl, async connection => (await connection.query<Row>(sql, values)).rows)
}
