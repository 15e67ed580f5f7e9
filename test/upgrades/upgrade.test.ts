import assert from 'node:assert/strict'
import { globSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { after, describe, it } from 'node:test'
import { migrate } from '../../src/postgres/migrate.ts'
import { makeDemoBuild } from '../neighbours/demo-build.ts'
import { type Neighbours, startNeighbours } from '../neighbours/index.ts'
import { POLL, SUBMIT, taskAnswer } from '../neighbours/test-server.ts'
import { emptyDatabase, query } from '../postgres/empty-database.ts'
import { LI_WEI, mailEnvironment, openWorld, WANG_FANG, type World } from '../world/index.ts'
import { loadDump } from './load-dump.ts'

const releases = globSync(join(import.meta.dirname, '*.sql')).sort()

it('there is a dump of each release', () => assert.ok(releases.length >= 2))

for (const file of releases)
  describe(`a database of ${basename(file, '.sql')}`, async () => {
    const { url, neighbours } = await loadRelease(file)
    const before = await countRows(url)
    await migrate(url)
    const rows = await countRows(url)
    const world = await startOn(url, neighbours)

    it('keeps its rows', () => {
      for (const [table, count] of Object.entries(before))
        assert.ok((rows[table] ?? 0) >= count || table === 'login_links', `${table} had ${count} rows`)
    })

    it('has the indexes that a new one has', async () =>
      assert.deepEqual(await indexesOf(url), await indexesOf(await newDatabase())))
    it('shows what was there', () => showsWhatWasThere(world))
    it('goes on with the active run and the queue', () => goesOn(world))
    it('sends the mails that waited', () => sendsMails(neighbours))
    it('has sealed every secret, and still knows it', () => knowsSecrets(world, neighbours))
  })

async function loadRelease(file: string): Promise<{ url: string; neighbours: Neighbours }> {
  const neighbours = await startNeighbours({ testServer: { strict: false, canned: true } })
  after(() => neighbours.close())
  const { packageServer, reportServer, testServer } = neighbours
  await makeDemoBuild(packageServer.root, { commit: 'c54239ed101' })
  const tests = testServer.url
  const hosts = { packages: packageServer.url, reports: reportServer.url, testServer: tests, endless: tests }
  testServer.answerNext(POLL, taskAnswer('completed', { result: { test: { report_url: 'None' } } }))
  const url = await emptyDatabase()
  await loadDump(url, file, hosts)
  return { url, neighbours }
}

async function countRows(url: string): Promise<Record<string, number>> {
  const counts: Record<string, number> = {}
  for (const { name } of await query(
    url,
    `SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'`,
  )) {
    const [row] = await query(url, `SELECT count(*)::int AS rows FROM "${name}"`)
    counts[`${name}`] = Number(row?.rows)
  }
  return counts
}

async function newDatabase(): Promise<string> {
  const url = await emptyDatabase()
  await migrate(url)
  return url
}

const indexesOf = (url: string) =>
  query(url, `SELECT indexdef AS index FROM pg_indexes WHERE schemaname = 'public' ORDER BY indexdef`)

async function startOn(url: string, neighbours: Neighbours): Promise<World> {
  const dataDir = await mkdtemp(join(tmpdir(), 'crat-upgrade-'))
  const world = await openWorld(dataDir, url, { env: mailEnvironment(neighbours) })
  after(() => rm(dataDir, { recursive: true, force: true }))
  return world
}

async function showsWhatWasThere({ liWei, admin }: World): Promise<void> {
  const get = async (path: string) => (await liWei.get(path)).body.data
  const builds = await get('/builds')
  assert.deepEqual(
    builds.map(({ build_number }: { build_number: number }) => build_number).sort(),
    [101, 102],
  )
  const names = (things: { name: string }[]) => things.map(({ name }) => name).sort()
  assert.deepEqual(names(await get('/test-items')), ['cds', 'edge'])
  assert.deepEqual(names(await get('/parameter-sets')), ['default', 'nightly'])
  const run = await get('/deploy-test-runs/1')
  assert.deepEqual([run.status, run.outcome, run.triggered_by], ['COMPLETED', 'passed', LI_WEI])
  assert.equal(run.summary.total, 28)
  assert.equal((await liWei.get('/deploy-test-runs/1/tests?limit=100')).body.total, 28)
  assert.ok((await admin.get('/audit?action=trigger%20run')).body.total >= 4)
}

async function goesOn({ liWei }: World): Promise<void> {
  const active = await liWei.untilFinished(3)
  assert.deepEqual([active.status, active.outcome, active.error_message], ['COMPLETED', 'unknown', null])
  const queued = await liWei.untilFinished(4)
  assert.deepEqual([queued.status, queued.outcome, queued.error_message], ['COMPLETED', 'passed', null])
}

async function sendsMails({ mailSink }: Neighbours): Promise<void> {
  for (const [person, build] of [
    [LI_WEI, '101'],
    [WANG_FANG, '102'],
  ] as const) {
    const fits = ({ recipients, subject }: { recipients: string[]; subject?: string }) =>
      recipients.includes(person) && (subject?.includes(`cds #${build}`) ?? false)
    await mailSink.waitForMail(fits)
  }
}

async function knowsSecrets({ databaseUrl }: World, { testServer }: Neighbours): Promise<void> {
  const stored = await query(
    databaseUrl,
    `SELECT parameters::text FROM parameter_sets UNION SELECT parameters::text FROM parameter_set_versions`,
  )
  assert.doesNotMatch(JSON.stringify(stored), /open sesame/)
  assert.equal(JSON.parse(testServer.requestsTo(SUBMIT)[0]?.body ?? '{}').db_password, 'open sesame')
}
