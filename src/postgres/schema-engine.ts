import { readFileSync } from 'node:fs'
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
    new PrismaPg({ connectionString: url, max: 1, idleTimeoutMillis: 100 }),
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
