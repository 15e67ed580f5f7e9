import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, describe, it } from 'node:test'
import { gunzipSync, gzipSync } from 'node:zlib'
import { execa } from 'execa'
import { writeBackup } from '../../src/backup/backup.ts'
import { findSealedOtherwise } from '../../src/backup/check-sealed.ts'
import { restoreBackup } from '../../src/backup/restore.ts'
import { pathInProject } from '../../src/lib/root.ts'
import { createSealer } from '../../src/lib/sealer.ts'
import { connectClient } from '../../src/postgres/connect.ts'
import { migrate } from '../../src/postgres/migrate.ts'
import { POLL, SUBMIT } from '../neighbours/test-server.ts'
import { emptyDatabase, query } from '../postgres/empty-database.ts'
import { RUNNING } from '../runs/story.ts'
import { coreBuild, mailEnvironment, openWorld, startWorkingWorld } from '../world/index.ts'

const world = await startWorkingWorld()
const { testServer } = world.neighbours
const folder = await mkdtemp(join(tmpdir(), 'crat-backup-'))
after(() => rm(folder, { recursive: true, force: true }))

const file = join(folder, 'crat.tar.gz')
const elsewhere = join(folder, 'elsewhere')
const url = await emptyDatabase()
const { sealer } = world.crat.ctx

const UNFINISHED = [
  'script-bundles/1f.upload',
  'spool/1795000000.000-1f.draft',
  'reports/000000/8-1f.part/index.html',
]

const KEPT: Record<string, string> = {
  'reports/7/index.html': '<h1>kept</h1>',
  'reports/7/.well-known/.hidden': 'a name that begins with a dot',
  'reports/7/data/first.part/results.upload': 'a name that CRAT itself uses elsewhere',
  'reports/7/data/last.draft': 'one more',
  'reports/7/empty': '',
  'reports/7/截图/登录失败\n第二行.png': 'a name that is not plain ASCII',
  [`reports/7/${'a'.repeat(150)}/${'b'.repeat(200)}.html`]: 'a long name',
}

describe('a backup', () => {
  let active = 0
  let before: number[] = []

  it('is taken while builds are announced and a run is active', async () => {
    await world.admin.put('/settings', { package_build_info_base_url: 'http://ci:s3cret-of-ci@ci.example/' })
    await world.buildCore()
    testServer.answerAlways(POLL, RUNNING)
    active = await world.trigger()
    await world.liWei.untilRun(active, run => run.status === 'MONITORING')
    const written = { ...KEPT, ...Object.fromEntries(UNFINISHED.map(name => [name, 'half'])) }
    for (const [name, content] of Object.entries(written)) {
      await mkdir(dirname(join(world.dataDir, name)), { recursive: true })
      await writeFile(join(world.dataDir, name), content)
    }
    const announced: Promise<{ status: number; body: { data: { id: number } } }>[] = []
    const announce = (number: number) => announced.push(world.anyone.post('/builds', coreBuild(number)))
    for (let number = 1_000; number < 1_050; number += 1) announce(number)
    before = (await Promise.all(announced)).map(({ body }) => body.data.id)

    const taking = writeBackup({ file, url: world.databaseUrl, dataDir: world.dataDir, version: '2.0.0' })
    for (let number = 2_000; number < 2_050; number += 1) announce(number)
    const contents = await taking

    assert.ok((await Promise.all(announced)).every(({ status }) => status === 201))
    assert.ok((contents.tables.build_info?.rows ?? 0) >= 51)
    assert.deepEqual(Object.keys(contents.files).sort(), Object.keys(KEPT).sort())
    assert.equal((await stat(file)).mode & 0o777, 0o600)
    assert.deepEqual(await readdir(folder), ['crat.tar.gz'])
    assert.ok(!gunzipSync(await readFile(file)).includes('s3cret-of-ci'))
  })

  it('is restored into an empty database, also after a restore that failed, and every row is counted', async () => {
    await world.crat.stop()
    const taken = join(folder, 'taken')
    await writeFile(taken, 'a file where a folder should be')
    await assert.rejects(restoreBackup({ file, url, dataDir: taken }), /EEXIST|ENOTDIR/)
    // What one leaves that fails while the tables are filled.
    await migrate(url)

    const { contents } = await restoreBackup({ file, url, dataDir: elsewhere })
    for (const [table, { rows }] of Object.entries(contents.tables)) {
      const [row] = await query(url, `SELECT count(*)::int AS count FROM "${table}"`)
      assert.equal(row?.count, rows, table)
    }
    for (const [name, content] of Object.entries(KEPT))
      assert.equal(await readFile(join(elsewhere, name), 'utf8'), content, name)
    assert.deepEqual(await findSealedOtherwise(url, sealer), [])
    assert.deepEqual(await findSealedOtherwise(url, createSealer(['another secret'])), [
      'setting package_build_info_base_url',
    ])
  })

  it('goes on there with the run that was active, and gives no id twice', async () => {
    const submits = testServer.requestsTo(SUBMIT).length
    const restored = await openWorld(elsewhere, url, { env: mailEnvironment(world.neighbours) })
    testServer.behave()
    const run = await restored.liWei.untilFinished(active)
    assert.equal(run.status, 'COMPLETED', run.error_message)
    assert.equal(testServer.requestsTo(SUBMIT).length, submits)
    for (const id of [before[0], before.at(-1)])
      assert.equal((await restored.liWei.get(`/builds/${id}`)).status, 200)
    const { body } = await restored.anyone.post('/builds', coreBuild(9_999))
    assert.ok(body.data.id > (before.at(-1) ?? 0))
    assert.equal((await restored.liWei.get('/builds?limit=1')).body.total > 50, true)
  })

  it('fails, and does not end the process, where its connection breaks', async () => {
    const client = await connectClient(url)
    const [row] = (await client.query('SELECT pg_backend_pid() AS pid')).rows
    await query(url, `SELECT pg_terminate_backend(${row.pid}, 10000)`)
    await assert.rejects(client.query('SELECT 1'))
  })

  it('is not made of a database that nobody has, nor is one made for it', async () => {
    const dataDir = join(folder, 'nowhere')
    const program = pathInProject('src/backup/backup.main.ts')
    const { exitCode, stderr } = await execa(process.execPath, [program, 'x.tar.gz'], {
      ...{ cwd: folder, env: { DATA_DIR: dataDir, DATABASE_URL: '', SQL_DSN: '' }, reject: false },
    })
    assert.equal(exitCode, 2)
    assert.match(stderr, /DATABASE_URL is not set, and there is no embedded PostgreSQL in .+nowhere/)
    assert.ok(!existsSync(dataDir))
  })

  it('is not restored over anything', async () => {
    await assert.rejects(restoreBackup({ file, url, dataDir: elsewhere }), /is not empty \(it has pgboss\./)
  })

  it('is refused before anything is written where it was cut, changed or is something else', async () => {
    const empty = await emptyDatabase()
    const damaged = join(folder, 'damaged.tar.gz')
    const whole = gunzipSync(await readFile(file))
    const place = whole.indexOf('kept</h1>')
    const cases: [Buffer, RegExp][] = [
      [(await readFile(file)).subarray(0, -100), /damaged/],
      [gzipSync(whole.subarray(0, place)), /damaged: it ends in the middle/],
      [
        gzipSync(Buffer.from(whole).fill('x', place, place + 4)),
        /reports\/7\/index.html is not as it was written/,
      ],
      [Buffer.from('no archive'), /damaged/],
    ]
    for (const [content, reason] of cases) {
      await writeFile(damaged, content)
      await assert.rejects(
        restoreBackup({ file: damaged, url: empty, dataDir: join(folder, 'none') }),
        reason,
      )
    }
    assert.deepEqual(await query(empty, `SELECT 1 FROM pg_tables WHERE schemaname = 'public'`), [])
  })
})
