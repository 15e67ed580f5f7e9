import assert from 'node:assert/strict'
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, it } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { execa, type ResultPromise } from 'execa'
import { connectDatabase } from '../../src/database/client.ts'
import { pathInProject } from '../../src/lib/root.ts'
import { connectClient } from '../../src/postgres/connect.ts'
import { migrate } from '../../src/postgres/migrate.ts'
import { emptyDatabase, query } from '../postgres/empty-database.ts'

const BEGINS_WELL = 'CREATE TABLE regions (id int);\nALTER TABLE build_info ADD COLUMN region text;\n'

interface Release {
  /** What its migration does. */
  write(sql: string): Promise<void>
  /** Brings the database to its schema, in a process of its own. */
  upgrade(databaseUrl: string): ResultPromise<{ reject: false }>
}

/** A newer CRAT: this one with one more migration. */
async function nextRelease(): Promise<Release> {
  const folder = await mkdtemp(join(tmpdir(), 'crat-next-'))
  after(() => rm(folder, { recursive: true, force: true }))
  for (const name of ['src/lib', 'src/locales', 'src/postgres', 'prisma', 'package.json'])
    await cp(pathInProject(name), join(folder, name), { recursive: true })
  await symlink(pathInProject('node_modules'), join(folder, 'node_modules'))
  const migration = join(folder, 'prisma/migrations/20991231000000_regions')
  await mkdir(migration)
  return {
    write: sql => writeFile(join(migration, 'migration.sql'), sql),
    upgrade: url =>
      execa(process.execPath, ['--input-type=module', '-e', UPGRADE, url], {
        ...{ cwd: folder, reject: false },
      }),
  }
}

/** As the start does. */
const UPGRADE = `
  import { migrate } from './src/postgres/migrate.ts'
  await migrate(process.argv[1]).catch(({ message }) => { console.log(message); process.exitCode = 1 })`

const regions = async (url: string) =>
  (await query(url, `SELECT to_regclass('regions') AS regions`))[0]?.regions

async function untilSleeping(url: string): Promise<void> {
  const active = `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep'`
  while (!(await query(url, active)).length) await pause(20)
}

it('a migration that fails leaves nothing: the old program opens the database, the corrected one upgrades it', async () => {
  const url = await emptyDatabase()
  const next = await nextRelease()
  await next.write(`${BEGINS_WELL}ALTER TABLE build_infos ADD COLUMN region text;`)

  const { exitCode, stdout } = await next.upgrade(url)
  assert.equal(exitCode, 1)
  assert.match(
    stdout,
    /^The database could not be upgraded, in 20991231000000_regions: No such table: build_infos\. .+$/,
  )
  assert.equal(await regions(url), null)

  assert.deepEqual(await migrate(url), [])
  const { db, close } = connectDatabase(url, 2)
  assert.deepEqual(await db.build.findMany(), [])
  await close()

  await next.write(BEGINS_WELL)
  assert.equal((await next.upgrade(url)).exitCode, 0)
  assert.equal(await regions(url), 'regions')
})

it('kill -9 while it migrates leaves nothing: the next start does it again', async () => {
  const url = await emptyDatabase()
  const next = await nextRelease()
  await next.write(`${BEGINS_WELL}SELECT pg_sleep(600);`)
  const killed = next.upgrade(url)
  await untilSleeping(url)
  killed.kill('SIGKILL')
  await killed

  await next.write(BEGINS_WELL)
  assert.equal((await next.upgrade(url)).exitCode, 0)
  assert.equal(await regions(url), 'regions')
  const marks = await query(
    url,
    `SELECT finished_at FROM _prisma_migrations WHERE migration_name LIKE '2099%'`,
  )
  assert.equal(marks.length, 1)
  assert.ok(marks[0]?.finished_at)
})

it('a migration that waits for a lock gives way to others, and gets it when it is free', async () => {
  const url = await emptyDatabase()
  const next = await nextRelease()
  await next.write(BEGINS_WELL)
  await migrate(url)
  const reader = await connectClient(url)
  await reader.query('BEGIN; SELECT FROM build_info')
  const upgrade = next.upgrade(url)
  await untilWaiting(url, true)
  await untilWaiting(url, false)
  await reader.end()
  assert.equal((await upgrade).exitCode, 0)
  assert.equal(await regions(url), 'regions')
})

async function untilWaiting(url: string, waiting: boolean): Promise<void> {
  const locks = `SELECT FROM pg_locks WHERE NOT granted AND relation = 'build_info'::regclass`
  while ((await query(url, locks)).length > 0 !== waiting) await pause(20)
}
