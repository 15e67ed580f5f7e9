import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import pg from 'pg'
import { KNOWN_PAGES } from '../../src/search/find-pages.ts'
import type { Result } from '../../src/search/result.ts'
import { SETTING_KEYS } from '../../src/settings/definitions.ts'
import { Visitor, ZHANG_HUA } from '../http/visitor.ts'
import { ADMIN_PASSWORD, CORE, coreBuild, startWorld, WANG_FANG } from '../world/index.ts'

const world = await startWorld({ env: { ROLE: 'web' } })
const { admin, liWei } = world
const visitor = await new Visitor(world.url).logIn(WANG_FANG)

const create = async (path: string, body: object) => (await admin.post(path, body)).body.data.id as number
const build = async (number: number, JOB_NAME = CORE) =>
  (await world.anyone.post('/builds', coreBuild(number, { JOB_NAME }))).body.data.id as number
await build(101)
await build(4711, 'Storage/Gateway')
const player = await create('/test-items', { name: 'player', associated_job_name: CORE })
await create('/test-items', { name: 'media player', description: 'of 50%_off' })
await create('/test-items', { name: 'player-web' })
const set = await create('/parameter-sets', { name: 'player defaults', parameters: {} })
const run: number = (await liWei.post(`/test-items/${player}/deploy-test`)).body.data.run_id
await reportTests(run, ['plays a film', 'Plays on', 'replays'])

async function reportTests(id: number, names: string[]): Promise<void> {
  const client = new pg.Client({ connectionString: world.databaseUrl })
  await client.connect()
  await client.query(
    `INSERT INTO test_results (run_id, position, test_key, name, suite, status, flaky, retries)
     SELECT $1, nth, md5(name), name, 'live', 'passed', false, 0 FROM unnest($2::text[]) WITH ORDINALITY AS test(name, nth)`,
    [id, names],
  )
  await client.query('UPDATE deploy_test_runs SET summary = $2 WHERE id = $1', [id, { total: names.length }])
  await client.end()
}

async function find(q: string, who = liWei): Promise<Result[]> {
  const { status, body } = await who.get(`/search?q=${encodeURIComponent(q)}`)
  assert.equal(status, 200, body.error)
  return body.data
}
const shown = (results: Result[]) => results.map(({ kind, title }) => `${kind}: ${title}`)

describe('a search', () => {
  it('ranks exact before prefix before contained', async () => {
    const found = await find(' Player ')
    assert.deepEqual(shown(found), [
      'test_item: player',
      'test_item: player-web',
      'parameter_set: player defaults',
      'test_item: media player',
    ])
    assert.deepEqual(
      found.map(({ url }) => url),
      [`/tests/${player}`, `/tests/${player + 2}`, `/parameter-sets/${set}`, `/tests/${player + 1}`],
    )
  })

  it('finds a run by its number, and builds by job and number', async () => {
    assert.deepEqual(shown((await find(`#${run}`)).filter(({ kind }) => kind === 'run')), [
      `run: Run ${run} · player`,
    ])
    assert.deepEqual(shown(await find(`run ${run}`)), [`run: Run ${run} · player`])
    for (const q of ['4711', '#4711', 'storage/gateway #4711', 'gate 4711'])
      assert.deepEqual(shown(await find(q)), ['build: Storage/Gateway #4711'], q)
    assert.deepEqual(await find('core #4711'), [])
  })

  it('finds jobs, and builds by their path', async () => {
    assert.deepEqual(shown(await find('storage')), ['job: Storage/Gateway', 'build: Storage/Gateway #4711'])
    const { body } = await liWei.get('/builds/job/CDN/Core/latest')
    const [first] = await find(body.data.package_path)
    assert.deepEqual([first?.kind, first?.detail], ['build', body.data.package_path])
  })

  it('finds tests of recent reports', async () => {
    assert.deepEqual(shown(await find('plays')), ['test: Plays on', 'test: plays a film', 'test: replays'])
    assert.equal((await find('plays on'))[0]?.detail, 'player · live')
  })

  it('finds pages by their names in either language, those of admins for admins alone', async () => {
    assert.ok(!shown(await find('审计')).includes('page: Settings · Audit log'))
    assert.ok(shown(await find('审计', admin)).includes('page: Settings · Audit log'))
    assert.ok(shown(await find('设置')).includes('page: Settings · System'))
  })

  it('finds each tab of the settings and each setting, where the page has it', async () => {
    const people = [await new Visitor(world.url).logIn(ZHANG_HUA, ADMIN_PASSWORD), visitor]
    const [html = '', ofUsers = ''] = await Promise.all(
      people.map(async person => (await person.open('/settings')).html),
    )
    const [, tabs = ''] = /<nav class="tabs"(.*?)<\/nav>/s.exec(html) ?? []
    const known = KNOWN_PAGES.map(({ path }) => path)
    const paths = [...tabs.matchAll(/href="([^"]+)"/g)].map(([, path = '']) => path)
    assert.ok(paths.length > 5)
    assert.deepEqual(
      paths.filter(path => !known.includes(path)),
      [],
    )
    for (const key of SETTING_KEYS) {
      assert.ok((await find(key)).some(({ url }) => url === `/settings#f-${key}`))
      for (const page of [html, ofUsers]) assert.ok(page.includes(`id="f-${key}"`), key)
    }
    assert.ok((await find('builds of a job')).some(({ url }) => url === '/settings#f-keep_builds_per_job'))
  })

  it('takes a query at its word', async () => {
    assert.deepEqual(shown(await find('50%_off')), ['test_item: media player'])
    for (const q of ['%', '_', '\\', "';--", '\u202e', '%00', '2147483648', '#99999999999', '(((', '😀', '—'])
      assert.deepEqual(
        (await find(q)).filter(({ title, kind }) => kind !== 'test_item' && !title.includes(q)),
        [],
        q,
      )
    assert.deepEqual(await find(''), [])
    assert.deepEqual((await liWei.get('/search')).body.data, [])
    assert.equal((await liWei.get(`/search?q=${'x'.repeat(201)}`)).status, 400)
    assert.equal((await liWei.get('/search?q=a&q=b')).status, 400)
    assert.equal((await liWei.get('/search?q=%00')).status, 400)
  })

  it('answers twenty, of several kinds', async () => {
    for (let number = 1; number <= 25; number++) await build(number, 'Many/Builds')
    await create('/test-items', { name: 'has many/builds in it' })
    const found = await find('many/builds')
    assert.equal(found.length, 20)
    assert.deepEqual(new Set(found.map(({ kind }) => kind)), new Set(['job', 'build', 'test_item']))
  })
})

describe('the search page', () => {
  it('is a form and a list of links', async () => {
    assert.match((await visitor.open('/search')).html, /<input[^>]* name="q"/)
    const { html } = await visitor.open('/search?q=%3Cplayer')
    assert.match(html, /value="&lt;player"/)
    assert.match(html, /Nothing matches/)
    const found = (await visitor.open('/search?q=player')).html
    assert.match(found, new RegExp(`href="/tests/${player}"`))
    assert.doesNotMatch(found, />search\./)
    assert.equal((await visitor.open(`/search?q=${'x'.repeat(5000)}`)).status, 200)
    assert.match((await visitor.open('/tests')).html, /href="\/search"/)
  })
})
