import { readdirSync } from 'node:fs'
import type pg from 'pg'
import { askChild } from '../lib/child.ts'
import { AppError } from '../lib/errors.ts'
import { pathInProject } from '../lib/root.ts'
import { connectClient } from './connect.ts'
import { createIndexesOfSmallTables } from './indexes.ts'
import type { MigrationOrder } from './schema-engine.ts'

const OLDEST_SERVER = 13
/** Any number that no one else uses for an advisory lock in this database. */
const LOCK = 7_126_053

/**
 * Brings the database to this program's schema. Several processes may start at once: one migrates, the others
 * wait. A database that a newer program has migrated is refused. `known`: no further than these.
 */
export async function migrate(url: string, known = migrationNames()): Promise<string[]> {
  const client = await connectClient(url)
  try {
    await refuseOldServer(client)
    await client.query('SELECT pg_advisory_lock($1)', [LOCK])
    await forgetInterrupted(client)
    const applied = await appliedMigrations(client)
    refuseNewerDatabase(applied, known)
    if (known.every(name => applied.includes(name))) return []
    const names = await applyMigrations({ url, names: known })
    await createIndexesOfSmallTables(client)
    return names
  } finally {
    await client.end()
  }
}

/** Those that this program knows, oldest first. */
export function migrationNames(): string[] {
  return readdirSync(pathInProject('prisma/migrations'), { withFileTypes: true })
    .filter(entry => entry.isDirectory())
    .map(entry => entry.name)
    .sort()
}

/** In a process of its own: the engine takes much memory, and is needed after an upgrade only. */
async function applyMigrations(order: MigrationOrder): Promise<string[]> {
  try {
    return await askChild('postgres/migrate.child', order)
  } catch (cause) {
    throw new AppError('database:migration_failed', whatFailed(cause as Error), { cause })
  }
}

/** From the engine's message, which goes on with where in the engine it was. */
function whatFailed({ message }: Error): { migration: string; reason: string } {
  const [, migration = '?'] = /migration_name="(.+?)"/.exec(message) ?? []
  const [reason = message] = message.replace(/^external connector error\n/, '').split(/\n +0: /)
  return { migration, reason }
}

async function refuseOldServer(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ server_version_num: string }>('SHOW server_version_num')
  const version = Math.floor(Number(rows[0]?.server_version_num) / 10_000)
  if (version < OLDEST_SERVER)
    throw new AppError('database:server_too_old', { version, oldest: OLDEST_SERVER })
}

async function appliedMigrations(client: pg.Client): Promise<string[]> {
  if (!(await hasHistory(client))) {
    await refuseForeignTables(client)
    return []
  }
  const applied = await client.query<{ migration_name: string }>(
    `SELECT migration_name FROM _prisma_migrations
     WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL ORDER BY migration_name`,
  )
  return applied.rows.map(row => row.migration_name)
}

/** A migration is one transaction: what a killed process left is rolled back, and started again. We hold the lock. */
async function forgetInterrupted(client: pg.Client): Promise<void> {
  if (await hasHistory(client)) await client.query('DELETE FROM _prisma_migrations WHERE finished_at IS NULL')
}

async function hasHistory(client: pg.Client): Promise<boolean> {
  const { rows } = await client.query<{ exists: boolean }>(
    `SELECT to_regclass('_prisma_migrations') IS NOT NULL AS exists`,
  )
  return rows[0]?.exists ?? false
}

/** A database of CRAT 1.x or of something else is left as it is. */
async function refuseForeignTables(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ tablename: string }>(
    `SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename LIMIT 5`,
  )
  if (rows.length)
    throw new AppError('database:foreign', { tables: rows.map(row => row.tablename).join(', ') })
}

function refuseNewerDatabase(applied: string[], known: string[]): void {
  const unknown = applied.filter(name => !known.includes(name))
  if (unknown.length) throw new AppError('database:newer', { migrations: unknown.join(', ') })
}
