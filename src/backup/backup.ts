import { createHash } from 'node:crypto'
import type pg from 'pg'
import { to } from 'pg-copy-streams'
import { connectClient } from '../postgres/connect.ts'
import { type ArchiveWriter, createArchive } from './archive-writer.ts'
import { addFolder } from './files.ts'
import { CONTENTS, type Contents, MANIFEST, type Manifest } from './manifest.ts'
import { columnList, readMigrations, readSequences, readTables } from './tables.ts'

export interface BackupOptions {
  file: string
  url: string
  dataDir: string
  version: string
}

/** Writes the database as it is at one moment, and the files that belong to it, while CRAT runs. */
export async function writeBackup({ file, url, dataDir, version }: BackupOptions): Promise<Contents> {
  const client = await connectClient(url, { application_name: 'crat-backup' })
  const archive = createArchive(file)
  const contents: Contents = { tables: {}, files: {} }
  try {
    // Before the rows: a build that is stored meanwhile is in both, and restored once.
    await addFolder(archive, dataDir, 'spool', contents)
    await addDatabase(archive, client, version, contents)
    for (const folder of ['script-bundles', 'reports'] as const)
      await addFolder(archive, dataDir, folder, contents)
    await archive.add(CONTENTS, Buffer.from(JSON.stringify(contents, null, 2)))
    await archive.finish()
    return contents
  } catch (error) {
    await archive.discard()
    throw error
  } finally {
    await client.end()
  }
}

/** One transaction, which is open no longer than the tables take: it keeps dead rows from being removed. */
async function addDatabase(
  archive: ArchiveWriter,
  client: pg.Client,
  version: string,
  contents: Contents,
): Promise<void> {
  await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY')
  const manifest = await describe(client, version)
  await archive.add(MANIFEST, Buffer.from(JSON.stringify(manifest, null, 2)))
  for (const table of manifest.tables) contents.tables[table.name] = await addTable(archive, client, table)
  await client.query('COMMIT')
}

async function describe(client: pg.Client, version: string): Promise<Manifest> {
  const migrations = await readMigrations(client)
  const { rows } = await client.query<{ server_version: string }>('SHOW server_version')
  return {
    ...{ format: 'crat-backup', format_version: 1, app_version: version },
    ...{ created_at: new Date().toISOString(), server_version: rows[0]?.server_version ?? '' },
    ...{ migrations, tables: await readTables(client), sequences: await readSequences(client) },
  }
}

/** An entry's size stands before its content: a table is cut into parts that fit into memory. */
const PART_BYTES = 4 * 1024 * 1024

async function addTable(
  archive: ArchiveWriter,
  client: pg.Client,
  table: Manifest['tables'][number],
): Promise<Contents['tables'][string]> {
  const stream = client.query(to(`COPY "${table.name}" (${columnList(table)}) TO STDOUT`))
  const hash = createHash('sha256')
  let [part, bytes, all]: [Buffer[], number, number] = [[], 0, 0]
  let nth = 0
  const flush = async () => {
    if (!bytes) return
    nth += 1
    await archive.add(`tables/${table.name}/${String(nth).padStart(6, '0')}`, Buffer.concat(part))
    part = []
    bytes = 0
  }
  for await (const piece of stream as AsyncIterable<Buffer>) {
    hash.update(piece)
    part.push(piece)
    bytes += piece.length
    all += piece.length
    if (bytes >= PART_BYTES) await flush()
  }
  await flush()
  return { rows: stream.rowCount, bytes: all, sha256: hash.digest('hex') }
}
