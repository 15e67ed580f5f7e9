import type pg from 'pg'
import { AppError } from '../lib/errors.ts'
import type { Manifest } from './manifest.ts'

type Table = Manifest['tables'][number]

/** CRAT's tables, each after those that it refers to. Prisma's history is made anew by the migrations. */
export async function readTables(client: pg.Client): Promise<Table[]> {
  const { rows } = await client.query<Table & { refers: string[] }>(
    `SELECT relname::text AS name,
       (SELECT array_agg(attname::text ORDER BY attnum) FROM pg_attribute
         WHERE attrelid = pg_class.oid AND attnum > 0 AND NOT attisdropped AND attgenerated = '') AS columns,
       coalesce((SELECT array_agg(confrelid::regclass::text) FROM pg_constraint
         WHERE conrelid = pg_class.oid AND contype = 'f' AND confrelid <> conrelid), '{}') AS refers
     FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relname <> '_prisma_migrations'
     ORDER BY relname`,
  )
  const sorted: Table[] = []
  const done = new Set<string>()
  while (sorted.length < rows.length) {
    const next = rows.filter(row => !done.has(row.name) && row.refers.every(name => done.has(name)))
    if (!next.length) throw new Error('tables refer to each other in a circle')
    for (const { name, columns } of next) {
      sorted.push({ name, columns })
      done.add(name)
    }
  }
  return sorted
}

export async function readSequences(client: pg.Client): Promise<Manifest['sequences']> {
  const { rows } = await client.query<{ name: string; last: string }>(
    `SELECT sequencename::text AS name, last_value::text AS last FROM pg_sequences
     WHERE schemaname = 'public' AND last_value IS NOT NULL ORDER BY sequencename`,
  )
  return rows
}

export async function readMigrations(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<{ there: boolean }>(
    `SELECT to_regclass('public._prisma_migrations') IS NOT NULL AS there`,
  )
  if (!rows[0]?.there) throw new AppError('backup:nothing')
  const applied = await client.query<{ name: string }>(
    `SELECT migration_name AS name FROM _prisma_migrations
     WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL ORDER BY migration_name`,
  )
  return applied.rows.map(({ name }) => name)
}

export async function countRows(client: pg.Client, name: string): Promise<number> {
  const { rows } = await client.query<{ count: string }>(`SELECT count(*) FROM "${name}"`)
  return Number(rows[0]?.count)
}

export const columnList = ({ columns }: Table) => columns.map(column => `"${column}"`).join(', ')
