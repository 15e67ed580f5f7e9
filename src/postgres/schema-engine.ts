import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { PrismaPg } from '@prisma/adapter-pg'
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils'
import { SchemaEngine } from '@prisma/schema-engine-wasm'
import { pathInProject } from '../lib/root.ts'

const read = (path: string) => readFileSync(pathInProject(`prisma/${path}`), 'utf8')

/** Which migrations are to be applied to which database. */
export interface MigrationOrder {
  url: string
  /** All that this program knows, oldest first. */
  names: string[]
}

/**
 * Applies those that the database does not have yet, and returns their names. Prisma's own engine does it, as
 * WebAssembly: its CLI would download a binary.
 */
export async function applyMigrations({ url, names }: MigrationOrder): Promise<string[]> {
  const adapter = bindMigrationAwareSqlAdapterFactory(
    new AtomicPg({ connectionString: url, max: 1, idleTimeoutMillis: 100 }),
  )
  const datamodels: [string, string][] = [['schema.prisma', read('schema.prisma')]]
  const engine = await SchemaEngine.new({ datamodels }, () => {}, adapter)
  try {
    const { appliedMigrationNames } = await engine.applyMigrations({
      migrationsList: listMigrations(names),
      filters: { externalTables: [], externalEnums: [] },
    })
    return appliedMigrationNames
  } finally {
    engine.free()
  }
}

/** Ends what a killed process has begun: PostgreSQL 14 and newer, on Linux. */
const END_WITH_CLIENT = `
  SELECT set_config('client_connection_check_interval', '1s', true)
  FROM pg_settings WHERE name = 'client_connection_check_interval' AND version() LIKE '%linux%';`

/** Before the script: whoever deletes marks without an end waits for this transaction. */
const MARK_AS_FINISHED = `
  UPDATE _prisma_migrations SET finished_at = now(), applied_steps_count = 1 WHERE finished_at IS NULL;`

/** Everybody else queues behind a lock that is waited for: so it is given up and asked for again. */
const GIVE_UP_LOCKS = `SELECT set_config('lock_timeout', '1s', true);`
const LOCK_NOT_AVAILABLE = '55P03'
const RETRY_AFTER_MS = 1_000
const RETRIES_MS = 10 * 60_000

/**
 * Applies each migration, and marks it as applied, in one transaction. The adapter itself would send its statements
 * one by one, and a failure or a kill would leave a part of it.
 */
class AtomicPg extends PrismaPg {
  override async connect() {
    const connection = await super.connect()
    connection.executeScript = async script => {
      // Several statements in one simple query are one transaction.
      const sql = END_WITH_CLIENT + GIVE_UP_LOCKS + MARK_AS_FINISHED + script
      await retryLocks(() => connection.executeRaw({ sql, args: [], argTypes: [] }))
    }
    return connection
  }
}

async function retryLocks(apply: () => Promise<unknown>): Promise<void> {
  const until = performance.now() + RETRIES_MS
  for (;;)
    try {
      await apply()
      return
    } catch (error) {
      const { originalCode } = (error as { cause?: { originalCode?: string } }).cause ?? {}
      if (originalCode !== LOCK_NOT_AVAILABLE || performance.now() > until) throw error
      await sleep(RETRY_AFTER_MS)
    }
}

function listMigrations(names: string[]) {
  return {
    baseDir: pathInProject('prisma/migrations'),
    lockfile: { path: 'migration_lock.toml', content: read('migrations/migration_lock.toml') },
    shadowDbInitScript: '',
    migrationDirectories: names.map(name => ({
      path: name,
      migrationFile: {
        path: 'migration.sql',
        content: { tag: 'ok' as const, value: read(`migrations/${name}/migration.sql`) },
      },
    })),
  }
}
