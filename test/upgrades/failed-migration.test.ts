import assert from 'node:assert/strict'
import { cp, mkdir, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { it } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { pathInProject } from '../../src/lib/root.ts'
import { startProgram, startServer, temporaryFolder } from '../config/server-process.ts'
import { emptyDatabase, query } from '../postgres/empty-database.ts'
import { ApiClient } from '../world/api-client.ts'

const BEGINS_WELL = 'CREATE TABLE regions (id int);\nALTER TABLE build_info ADD COLUMN region text;\n'

interface Release {
  /** What its migration does. */
  write(sql: string): Promise<void>
  start(databaseUrl: string): ReturnType<typeof startProgram>
}

/** A newer CRAT: this one with one more migration. */
async function nextRelease(): Promise<Release> {
  const folder = await temporaryFolder()
  for (const name of ['src', 'prisma', 'package.json'])
    await cp(pathInProject(name), join(folder, name), { recursive: true })
  for (const name of ['node_modules', 'views', 'public'])
    await symlink(pathInProject(name), join(folder, name))
  const migration = join(folder, 'prisma/migrations/20991231000000_regions')
  await mkdir(migration)
  return {
    write: sql => writeFile(join(migration, 'migration.sql'), sql),
    start: databaseUrl => startProgram(join(folder, 'src/server.ts'), environment(databaseUrl)),
  }
}

const environment = (DATABASE_URL: string) => ({ DATABASE_URL, ROLE: 'web' })

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

  const { status, stderr } = await (await next.start(url)).ended()
  assert.equal(status, 1)
  assert.match(
    stderr,
    /^The database could not be upgraded, in 20991231000000_regions: No such table: build_infos\. .+\n$/,
  )
  assert.equal(await regions(url), null)

  const old = await startServer(environment(url))
  const liWei = await new ApiClient(await old.ready()).logIn('li.wei@example.com')
  assert.equal((await liWei.get('/builds')).body.total, 0)

  await next.write(BEGINS_WELL)
  await (await next.start(url)).ready()
  assert.equal(await regions(url), 'regions')
})

it('kill -9 while it migrates leaves nothing: the next start does it again', async () => {
  const url = await emptyDatabase()
  const next = await nextRelease()
  await next.write(`${BEGINS_WELL}SELECT pg_sleep(600);`)
  const killed = await next.start(url)
  await untilSleeping(url)
  killed.process.kill('SIGKILL')

  await next.write(BEGINS_WELL)
  await (await next.start(url)).ready()
  assert.equal(await regions(url), 'regions')
  const marks = await query(
    url,
    `SELECT finished_at FROM _prisma_migrations WHERE migration_name LIKE '2099%'`,
  )
  assert.equal(marks.length, 1)
  assert.ok(marks[0]?.finished_at)
})
