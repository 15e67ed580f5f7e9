import pg from 'pg'
import { AppError } from '../lib/errors.ts'

/** A row of CRAT 1.x: every value as PostgreSQL writes it, so that none fails before it is looked at. */
export type OldRow = Record<string, string | null> & { fingerprint: string }

export interface OldTable {
  name: string
  /** What orders it, and names a row in the report. */
  key: string
  columns: readonly string[]
  batch: number
  /** Further columns, from tables that are joined. */
  joined?: { from: string; columns: Record<string, string> }
}

/** The database of CRAT 1.x as it was at one moment. It is only ever read. */
export interface Source {
  count(table: OldTable): Promise<number>
  batches(table: OldTable): AsyncGenerator<OldRow[]>
  /** Rows of a query of ours, as text. */
  query(sql: string): Promise<Record<string, string | null>[]>
  close(): Promise<void>
}

const REQUIRED = ['build_info', 'test_items', 'deploy_test_runs', 'system_settings', 'parameter_sets']

export async function openSource(url: string): Promise<Source> {
  const client = new pg.Client({
    ...{ connectionString: url, connectionTimeoutMillis: 10_000, application_name: 'crat-import' },
    ...{ options: '-c default_transaction_read_only=on', keepAlive: true },
    types: { getTypeParser: () => String },
  })
  await connect(client)
  try {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY')
    await client.query(`SET LOCAL timezone = 'UTC'`)
    await client.query(`SET LOCAL datestyle = 'ISO, YMD'`)
    const columns = await readColumns(client)
    refuseOthers(columns)
    return createSource(client, columns)
  } catch (error) {
    await client.end()
    throw error
  }
}

async function connect(client: pg.Client): Promise<void> {
  // Without a listener an error of the connection would end the process.
  client.on('error', () => {})
  try {
    await client.connect()
  } catch (cause) {
    const { code, message } = cause as { code?: string; message: string }
    const server = `${client.host}:${client.port}`
    throw new AppError('import:unreachable', { server, reason: message || (code ?? '') }, { cause })
  }
}

type Columns = Map<string, Set<string>>

/** By table, also where an earlier 1.x has fewer. */
async function readColumns(client: pg.Client): Promise<Columns> {
  const { rows } = await client.query<{ table: string; columns: string }>(
    `SELECT relname AS table, json_agg(attname) AS columns FROM pg_class
     JOIN pg_attribute ON attrelid = pg_class.oid AND attnum > 0 AND NOT attisdropped
     WHERE relkind IN ('r', 'p') AND pg_table_is_visible(pg_class.oid) GROUP BY relname`,
  )
  return new Map(rows.map(row => [row.table, new Set(JSON.parse(row.columns) as string[])]))
}

function refuseOthers(columns: Columns): void {
  if (columns.has('_prisma_migrations')) throw new AppError('import:is_2')
  const missing = REQUIRED.filter(table => !columns.has(table))
  if (missing.length) throw new AppError('import:not_1', { tables: missing.join(', ') })
}

function createSource(client: pg.Client, columns: Columns): Source {
  const query = async (sql: string, values: unknown[] = []) => (await client.query(sql, values)).rows

  async function* batches(table: OldTable): AsyncGenerator<OldRow[]> {
    if (!columns.has(table.name)) return
    const sql = selectFrom(table, columns)
    for (let after: string | null = null; ; ) {
      const rows: OldRow[] = await query(sql, [after, table.batch])
      if (rows.length) yield rows
      if (rows.length < table.batch) return
      after = rows.at(-1)?.[table.key] ?? null
    }
  }

  return {
    batches,
    query,
    async count({ name }) {
      if (!columns.has(name)) return 0
      const [row] = await query(`SELECT count(*) FROM "${name}"`)
      return Number(row.count)
    },
    close: () => client.end(),
  }
}

/** From the row after the key `$1` on, at most `$2`. */
function selectFrom({ name, key, columns: wanted, joined }: OldTable, columns: Columns): string {
  const present = columns.get(name) ?? new Set()
  const own = wanted.map(column => (present.has(column) ? `old.${column}::text` : `NULL AS ${column}`))
  const more = Object.entries(joined?.columns ?? {}).map(([alias, sql]) => `(${sql})::text AS ${alias}`)
  const type = key === 'id' ? 'bigint' : 'text'
  return `SELECT ${[...own, ...more, 'md5(old::text) AS fingerprint'].join(', ')}
    FROM "${name}" AS old ${joined?.from ?? ''}
    WHERE $1::${type} IS NULL OR old.${key} > $1::${type} ORDER BY old.${key} LIMIT $2::int`
}
