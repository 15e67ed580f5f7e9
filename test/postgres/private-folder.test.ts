import assert from 'node:assert/strict'
import { cp, mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, describe, it } from 'node:test'
import { execa } from 'execa'
import pg from 'pg'
import { startEmbeddedPostgres } from '../../src/postgres/embedded.ts'
import { findPrograms, reachablePrograms } from '../../src/postgres/programs.ts'
import { findPostgresUser, type User } from '../../src/postgres/user.ts'

const skip = process.getuid?.() === 0 ? false : 'only root runs PostgreSQL as another user'

/** As /root is: for its owner alone. */
async function privateFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'crat-private-'))
  after(() => rm(folder, { recursive: true, force: true }))
  assert.equal((await stat(folder)).mode & 0o777, 0o700)
  return folder
}

async function query(url: string, sql: string) {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query(sql)).rows
  } finally {
    await client.end()
  }
}

async function unprivileged(): Promise<User> {
  const user = await findPostgresUser('/nonexistent')
  assert.ok(user)
  return user
}

describe('in a folder that only root may enter', { skip }, () => {
  it('a PostgreSQL is made, keeps its data over a restart, and is gone with its folder', async () => {
    const above = await privateFolder()
    const folder = join(above, 'data/postgres')
    const first = await startEmbeddedPostgres(folder, { durable: false })
    await query(first.url, 'CREATE TABLE build (number int)')
    await query(first.url, 'INSERT INTO build VALUES (101)')
    await query(first.url, 'VACUUM FULL')
    await first.stop()

    const second = await startEmbeddedPostgres(folder, { durable: false })
    assert.deepEqual(await query(second.url, 'SELECT number FROM build'), [{ number: 101 }])
    await second.stop()
    await rm(join(above, 'data'), { recursive: true })

    const fresh = await startEmbeddedPostgres(folder, { durable: false })
    assert.deepEqual(await query(fresh.url, "SELECT to_regclass('build') AS build"), [{ build: null }])
    await fresh.stop()
    assert.equal((await stat(above)).mode & 0o777, 0o700, 'nobody else is let in')
  })

  it('an existing PostgreSQL runs as its owner', async () => {
    const folder = join(await privateFolder(), 'postgres')
    const first = await startEmbeddedPostgres(folder, { durable: false })
    await first.stop()
    const owner = (await unprivileged()).uid + 1
    await execa('chown', ['-R', `${owner}:${owner}`, folder])

    const second = await startEmbeddedPostgres(folder, { durable: false })
    assert.equal((await stat(join(folder, 'cluster/postmaster.pid'))).uid, owner)
    await second.stop()
  })

  it('the programs are copied once to where they can be run', async () => {
    const { postgres } = await findPrograms(null)
    const installed = join(await privateFolder(), 'linux-x64')
    await cp(dirname(dirname(dirname(postgres))), installed, { recursive: true, verbatimSymlinks: true })
    const bin = join(installed, 'native/bin')
    const programs = {
      initdb: join(bin, 'initdb'),
      pg_ctl: join(bin, 'pg_ctl'),
      postgres: join(bin, 'postgres'),
    }
    // Not below TMPDIR, which may be private, too.
    const copies = await mkdtemp('/tmp/crat-copies-')
    after(() => rm(copies, { recursive: true, force: true }))
    const user = await unprivileged()

    const found = await Promise.all([1, 2, 3].map(() => reachablePrograms(programs, user, copies)))
    const { stdout } = await execa(found[0]?.postgres ?? '', ['--version'], { ...user, cwd: '/' })
    assert.match(stdout, /^postgres \(PostgreSQL\) 18/)
    assert.equal(new Set(found.map(({ postgres }) => postgres)).size, 1)
    const made = await readdir(copies)
    assert.equal(made.length, 1, `${made}`)
    assert.match(`${made}`, /^embedded-postgres-.+-\d+\.\d+/)

    const { ino } = await stat(found[0]?.postgres ?? '')
    const again = await reachablePrograms(programs, user, copies)
    assert.equal((await stat(again.postgres)).ino, ino)
  })
})
