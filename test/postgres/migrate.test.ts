import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { startServer } from '../config/server-process.ts'
import { ApiClient } from '../world/api-client.ts'
import { emptyDatabase, query } from './empty-database.ts'

const applied = (url: string) =>
  query(url, 'SELECT migration_name, count(*)::int AS times FROM _prisma_migrations GROUP BY 1')

describe('an empty database', () => {
  it('is set up once by two processes that start at once, and both work on it', async () => {
    const DATABASE_URL = await emptyDatabase()
    const env = { DATABASE_URL, ROLE: 'web', JWT_SECRET: 'b1c8d4a6f09e72537e1d0a94c6b85f32' }
    const processes = await Promise.all([startServer(env), startServer(env)])
    const urls = await Promise.all(processes.map(each => each.ready()))

    for (const { times, migration_name } of await applied(DATABASE_URL))
      assert.equal(times, 1, `${migration_name}`)
    const [one, other] = urls.map(url => new ApiClient(url))
    assert.ok(one && other)
    const liWei = await one.logIn('li.wei@example.com')
    const elsewhere = new ApiClient(urls[1] ?? '', liWei.token)
    const { data: sets } = (await elsewhere.get('/parameter-sets')).body
    assert.deepEqual(
      sets.map(({ name }: { name: string }) => name),
      ['default'],
    )
    assert.equal((await elsewhere.get(`/parameter-sets/${sets[0].id}/versions`)).body.total, 1)
  })
})

describe('a database that is there', () => {
  it('is gone on with where a process was killed while it migrated', async () => {
    const DATABASE_URL = await emptyDatabase()
    await query(
      DATABASE_URL,
      `CREATE TABLE _prisma_migrations (
         id varchar(36) PRIMARY KEY, checksum varchar(64) NOT NULL, finished_at timestamptz,
         migration_name varchar(255) NOT NULL, logs text, rolled_back_at timestamptz,
         started_at timestamptz NOT NULL DEFAULT now(), applied_steps_count integer NOT NULL DEFAULT 0);
       INSERT INTO _prisma_migrations (id, checksum, migration_name) VALUES ('1', 'x', '20261120000000_init')`,
    )
    const crat = await startServer({ DATABASE_URL, ROLE: 'web' })
    await crat.ready()
    const rows = await query(DATABASE_URL, 'SELECT 1 FROM _prisma_migrations WHERE finished_at IS NULL')
    assert.equal(rows.length, 0)
  })

  it('is refused where a newer CRAT has changed it', async () => {
    const DATABASE_URL = await emptyDatabase()
    const first = await startServer({ DATABASE_URL, ROLE: 'web' })
    await first.ready()
    first.process.kill('SIGTERM')
    assert.equal((await first.ended()).status, 0)
    await query(
      DATABASE_URL,
      `INSERT INTO _prisma_migrations (id, checksum, migration_name, finished_at)
       VALUES ('2', 'x', '20991231000000_from_the_future', now())`,
    )

    const { status, stderr } = await (await startServer({ DATABASE_URL, ROLE: 'web' })).ended()

    assert.equal(status, 1)
    assert.match(
      stderr,
      /^The database belongs to a newer CRAT \(it has 20991231000000_from_the_future,.+\n$/,
    )
  })
})
