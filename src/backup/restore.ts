import { randomBytes } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { mkdir, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import type pg from 'pg'
import { from } from 'pg-copy-streams'
import { AppError } from '../lib/errors.ts'
import { connectClient } from '../postgres/connect.ts'
import { migrate, migrationNames } from '../postgres/migrate.ts'
import { type Entry, readArchive } from './archive-reader.ts'
import type { Manifest } from './manifest.ts'
import { columnList, countRows, readMigrations } from './tables.ts'
import { type Verified, verifyBackup } from './verify.ts'

export interface RestoreOptions {
  file: string
  url: string
  dataDir: string
}

/**
 * Fills an empty database and DATA_DIR from a backup that was verified before, and counts what has arrived. The rows
 * come last and at once: where it fails it can be repeated.
 */
export async function restoreBackup({ file, url, dataDir }: RestoreOptions): Promise<Verified> {
  const verified = await verifyBackup(file)
  const { manifest } = verified
  const unknown = manifest.migrations.filter(name => !migrationNames().includes(name))
  if (unknown.length) throw new AppError('backup:newer', { version: manifest.app_version })
  const client = await connectClient(url, { application_name: 'crat-restore' })
  try {
    await refuseFilled(client, manifest)
    await restoreFiles(file, dataDir)
    // As the backup's CRAT had it; what has come since is applied to the filled tables.
    await migrate(url, manifest.migrations)
    await fill(client, file, verified)
  } finally {
    await client.end()
  }
  await migrate(url)
  return verified
}

async function refuseFilled(client: pg.Client, manifest: Manifest): Promise<void> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT schemaname || '.' || tablename AS name FROM pg_tables
     WHERE schemaname NOT IN ('pg_catalog', 'information_schema') ORDER BY name`,
  )
  const names = rows.map(({ name }) => name)
  if (!names.length || (await isLeftOfRestore(client, names, manifest))) return
  throw new AppError('backup:not_empty', { tables: names.slice(0, 5).join(', ') })
}

/** Whether an earlier restore failed after the tables were created: CRAT has never been started on them. */
async function isLeftOfRestore(client: pg.Client, names: string[], manifest: Manifest): Promise<boolean> {
  const isOurs =
    names.includes('public._prisma_migrations') && names.every(name => name.startsWith('public.'))
  if (!isOurs) return false
  const applied = await readMigrations(client)
  if (applied.some(name => !manifest.migrations.includes(name))) return false
  for (const table of ['build_info', 'deploy_test_runs', 'test_items'])
    if (names.includes(`public.${table}`) && (await countRows(client, table)) > 0) return false
  return true
}

/** All tables in one transaction: none is there until all are. */
async function fill(client: pg.Client, file: string, { manifest, contents }: Verified): Promise<void> {
  await client.query('BEGIN')
  // What the migrations have put there.
  await client.query(`TRUNCATE ${manifest.tables.map(({ name }) => `"${name}"`).join(', ')}`)
  const loader = createLoader(client, manifest)
  for await (const entry of readArchive(file)) await loader.load(entry)
  await loader.finish()
  for (const { name, last } of manifest.sequences)
    await client.query('SELECT setval(to_regclass($1), $2::bigint)', [`public.${name}`, last])
  for (const { name } of manifest.tables) {
    const [count, rows] = [await countRows(client, name), contents.tables[name]?.rows ?? 0]
    if (count !== rows) throw new AppError('backup:miscounted', { table: name, count, rows })
  }
  await client.query('COMMIT')
  await client.query('ANALYZE')
}

/** One COPY for all parts of a table, which follow each other. */
function createLoader(client: pg.Client, manifest: Manifest) {
  let current: { name: string; stream: ReturnType<typeof from>; ended: Promise<void> } | null = null

  async function finish(): Promise<void> {
    if (!current) return
    current.stream.end()
    await current.ended
    current = null
  }

  async function begin(name: string): Promise<void> {
    await finish()
    const table = manifest.tables.find(each => each.name === name)
    if (!table) throw new Error(`the backup has no table ${name}`)
    const stream = client.query(from(`COPY "${name}" (${columnList(table)}) FROM STDIN`))
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    stream.on('finish', resolve).on('error', reject)
    promise.catch(() => {})
    current = { name, stream, ended: promise }
  }

  return {
    finish,
    async load(entry: Entry): Promise<void> {
      const name = /^tables\/(\w+)\//.exec(entry.path)?.[1]
      if (!name) return
      if (current?.name !== name) await begin(name)
      for await (const piece of entry.pieces()) await write(current, piece)
    },
  }
}

async function write(
  current: { stream: ReturnType<typeof from>; ended: Promise<void> } | null,
  piece: Buffer,
): Promise<void> {
  if (!current || current.stream.write(piece)) return
  const drained = new Promise<void>(resolve => current.stream.once('drain', resolve))
  await Promise.race([drained, current.ended])
}

async function restoreFiles(file: string, dataDir: string): Promise<void> {
  for await (const entry of readArchive(file)) {
    // Its path was verified.
    if (entry.path.startsWith('files/')) await restoreFile(entry, join(dataDir, entry.path.slice(6)))
  }
}

async function restoreFile(entry: Entry, path: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  const draft = join(dirname(path), `.restore-${randomBytes(6).toString('hex')}`)
  try {
    await pipeline(entry.pieces(), createWriteStream(draft, { mode: 0o600 }))
    await rename(draft, path)
  } catch (error) {
    await rm(draft, { force: true })
    throw error
  }
}
