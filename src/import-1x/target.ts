import type pg from 'pg'
import { LIVE_CHANNEL } from '../database/live.ts'
import { AppError } from '../lib/errors.ts'
import { connectClient } from '../postgres/connect.ts'

export type TargetTable =
  | 'build_info'
  | 'parameter_sets'
  | 'test_items'
  | 'deploy_test_runs'
  | 'job_version_selections'

/** The database of this CRAT. One import at a time writes to it. */
export interface Target {
  client: pg.Client
  /** Under which rows are remembered. */
  source: string
  dryRun: boolean
  /** A batch with its mapping: both or none. */
  transaction<T>(work: () => Promise<T>): Promise<T>
  close(): Promise<void>
}

/** Any number that no one else uses for an advisory lock in this database. */
const LOCK = 7_126_054

/** With `dryRun`, all is one transaction, which is rolled back. */
export async function openTarget(url: string, source: string, dryRun: boolean): Promise<Target> {
  const client = await connectClient(url, { application_name: 'crat-import' })
  const { rows } = await client.query<{ free: boolean }>('SELECT pg_try_advisory_lock($1) AS free', [LOCK])
  if (!rows[0]?.free) {
    await client.end()
    throw new AppError('import:busy')
  }
  if (dryRun) await client.query('BEGIN')
  return {
    ...{ client, source, dryRun },
    transaction: work => (dryRun ? work() : inTransaction(client, work)),
    async close() {
      if (dryRun) await client.query('ROLLBACK').catch(() => {})
      await client.end()
    },
  }
}

async function inTransaction<T>(client: pg.Client, work: () => Promise<T>): Promise<T> {
  await client.query('BEGIN')
  try {
    const result = await work()
    await client.query('COMMIT')
    return result
  } catch (error) {
    await client.query('ROLLBACK').catch(() => {})
    throw error
  }
}

/** A larger id would leave too few for new rows. */
const LARGEST_KEPT = 1_000_000_000

export const keepable = (id: string | null) =>
  id !== null && /^[1-9]\d{0,9}$/.test(id) && Number(id) <= LARGEST_KEPT ? Number(id) : null

/** So that no row which CRAT adds meanwhile gets an id that an old row keeps. */
export async function reserveIds(target: Target, table: TargetTable, largest: string | null): Promise<void> {
  const most = keepable(largest)
  if (most === null) return
  await target.transaction(async () => {
    // A dry run would keep the lock to its end. A counter is not taken back with it, which does no harm.
    if (!target.dryRun) await target.client.query(`LOCK TABLE ${table} IN SHARE ROW EXCLUSIVE MODE`)
    await target.client.query(
      `SELECT setval(sequence, $1) FROM pg_get_serial_sequence('${table}', 'id') AS sequence
       WHERE $1::bigint > (SELECT coalesce(pg_sequence_last_value(sequence::regclass), 0))`,
      [most],
    )
  })
}

/** SQL for the id of a new row: the old one where it is free. */
export const idFor = (table: TargetTable, wanted: string) =>
  `CASE WHEN ${wanted} IS NULL OR EXISTS (SELECT FROM ${table} WHERE id = ${wanted})
   THEN nextval(pg_get_serial_sequence('${table}', 'id'))::int ELSE ${wanted} END`

export interface Mapped {
  newId: number
  fingerprint: string
  /** Changed here after that: by people. The epoch for what they made. */
  importedAt: Date
}

export async function findMapped(
  { client, source }: Target,
  table: TargetTable,
  oldIds: (string | null)[],
): Promise<Map<string, Mapped>> {
  const { rows } = await client.query<{
    old_id: string
    new_id: number
    fingerprint: string
    imported_at: Date
  }>(
    `SELECT old_id, new_id, fingerprint, imported_at FROM imported_rows
     WHERE source = $1 AND source_table = $2 AND old_id = ANY($3)`,
    [source, table, oldIds],
  )
  return new Map(
    rows.map(row => [
      row.old_id,
      { newId: row.new_id, fingerprint: row.fingerprint, importedAt: row.imported_at },
    ]),
  )
}

/** The new ids of old rows that are here and have not been deleted since. */
export async function findNewIds(
  { client, source }: Target,
  table: TargetTable,
  oldIds: (string | null)[],
): Promise<Map<string, number>> {
  const { rows } = await client.query<{ old_id: string; id: number }>(
    `SELECT old_id, id FROM imported_rows JOIN ${table} ON id = new_id
     WHERE source = $1 AND source_table = $2 AND old_id = ANY($3)`,
    [source, table, oldIds],
  )
  return new Map(rows.map(row => [row.old_id, row.id]))
}

export interface NewMapping {
  oldId: string
  newId: number
  fingerprint: string
  /** With a row that people made here: what changes in 1.x later is no reason to change it. */
  isMerged?: boolean
}

export async function remember(
  { client, source }: Target,
  table: TargetTable,
  rows: NewMapping[],
): Promise<void> {
  await client.query(
    `INSERT INTO imported_rows (source, source_table, old_id, new_id, fingerprint, imported_at)
     SELECT $1, $2, old_id, new_id, fingerprint, CASE WHEN is_merged THEN to_timestamp(0) ELSE now() END
     FROM unnest($3::text[], $4::int[], $5::text[], $6::boolean[]) AS row(old_id, new_id, fingerprint, is_merged)
     ON CONFLICT (source, source_table, old_id)
     DO UPDATE SET new_id = excluded.new_id, fingerprint = excluded.fingerprint, imported_at = excluded.imported_at`,
    [
      ...[source, table, rows.map(row => row.oldId), rows.map(row => row.newId)],
      ...[rows.map(row => row.fingerprint), rows.map(row => row.isMerged ?? false)],
    ],
  )
}

/** Refreshes open pages and what other processes keep in memory. */
export async function announce(
  { client }: Target,
  topic: 'job' | 'item' | 'run' | 'setting' | 'environment',
  id: string | number,
) {
  await client.query('SELECT pg_notify($1, $2)', [LIVE_CHANNEL, JSON.stringify({ topic, id })])
}
