import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { errorOf, Visitor } from '../http/visitor.ts'
import { CORE, coreBuild, LI_WEI, startWorld } from '../world/index.ts'

const world = await startWorld({ env: { ROLE: 'web' } })
const { admin, liWei } = world
const { db, sealer } = world.crat.ctx
const build = (await world.anyone.post('/builds', coreBuild(101))).body.data.id
const newer = (await world.anyone.post('/builds', coreBuild(102))).body.data.id
const { body: set } = await admin.post('/parameter-sets', {
  name: 'lab',
  parameters: { test_path: 'all', db_password: 'hunter2', shards: 4 },
})
const { body: created } = await admin.post('/test-items', {
  ...{ name: 'cds', associated_job_name: CORE, associated_parameter_set_id: set.data.id },
})
const item: number = created.data.id

const triggered = (input: object) => liWei.post(`/test-items/${item}/deploy-test`, input)
const runOf = async (id: number) => (await liWei.get(`/deploy-test-runs/${id}`)).body.data
const stored = async (id: number) => {
  const { parameters } = await db.run.findUniqueOrThrow({ where: { id } })
  return sealer.open(parameters) as Record<string, unknown>
}

describe('values for one run', () => {
  it('go over those of the set and are frozen with the run; the set stays as it is', async () => {
    const { body } = await triggered({ parameters: { test_path: 'smoke', shards: 1 } })
    const { parameters } = await runOf(body.data.run_id)
    assert.deepEqual(
      [parameters.test_path, parameters.shards, parameters.db_password],
      ['smoke', 1, '••••••'],
    )
    assert.equal((await stored(body.data.run_id)).db_password, 'hunter2')
    const { body: after } = await liWei.get(`/parameter-sets/${set.data.id}`)
    assert.deepEqual([after.data.parameters.test_path, after.data.version], ['all', 1])
  })

  it('keep a secret that is written back as dots, and seal another', async () => {
    const { body } = await triggered({ parameters: { db_password: 'other', api_token: 't0ken' } })
    const row = await db.run.findUniqueOrThrow({ where: { id: body.data.run_id } })
    assert.doesNotMatch(JSON.stringify(row.parameters), /other|t0ken/)
    assert.equal((await stored(body.data.run_id)).db_password, 'other')
    const { body: kept } = await triggered({ parameters: { db_password: '••••••' } })
    assert.equal((await stored(kept.data.run_id)).db_password, 'hunter2')
  })

  it('are validated like a set', async () => {
    const wrong = await triggered({ parameters: { base_url: 'ftp://x' } })
    assert.deepEqual([wrong.status, wrong.body.details[0].path], [400, 'parameters.base_url'])
    assert.equal((await triggered({ parameters: { path: '••••••' } })).status, 400)
    const large = await triggered({ parameters: { a: 'x'.repeat(65_600) } })
    assert.equal(large.status, 400)
  })
})

describe('a run again', () => {
  it('uses its own values, or those of its set today', async () => {
    const { body } = await triggered({ parameters: { test_path: 'smoke' } })
    await liWei.post(`/deploy-test-runs/${body.data.run_id}/cancel`)
    const again = async (input?: object) => {
      const answer = await liWei.post(`/deploy-test-runs/${body.data.run_id}/retry`, input)
      assert.equal(answer.status, 200, answer.body.error)
      return (await runOf(answer.body.data.run_id)).parameters.test_path
    }
    assert.equal(await again(), 'smoke')
    assert.equal(await again({ parameters: 'frozen' }), 'smoke')
    assert.equal(await again({ parameters: 'current' }), 'all')
    const wrong = await liWei.post(`/deploy-test-runs/${body.data.run_id}/retry`, { parameters: 'other' })
    assert.equal(wrong.status, 400)
  })
})

describe('the page that chooses', () => {
  const fields = {
    ...{ shown_set_id: `${set.data.id}`, parameter_set_id: `${set.data.id}`, build_id: `${newer}` },
    ...{ p_test_path: 'all', p_upgrade_type: '', extra: '{"db_password": "••••••", "shards": 4}' },
  }

  it('triggers what was chosen, and leaves the selection', async () => {
    const page = await new Visitor(world.url).logIn(LI_WEI)
    const { html } = await page.open(`/tests/${item}/trigger`)
    assert.match(html, new RegExp(`value="${build}" checked`))
    assert.doesNotMatch(html, /hunter2/)
    const done = await page.submit(`/tests/${item}/trigger`, { ...fields, p_test_path: 'one' })
    const run = await runOf(Number(done.path.split('/')[2]))
    assert.deepEqual([run.build_number, run.parameters.test_path, run.parameters.shards], [102, 'one', 4])
    const { body } = await liWei.get(`/job-versions/${encodeURIComponent(CORE)}`)
    assert.equal(body.selected_build.build_number, 101)
  })

  it('finds builds and shows another set without losing what was typed', async () => {
    const page = await new Visitor(world.url).logIn(LI_WEI)
    await page.open('/tests')
    const found = await page.submit(`/tests/${item}/trigger`, {
      ...{ ...fields, show: 'builds', q: '#102', p_install_dir: '/typed' },
    })
    assert.match(found.html, /value="\/typed"/)
    assert.match(found.html, new RegExp(`value="${newer}" checked`))
    const other = await page.submit(`/tests/${item}/trigger`, {
      ...fields,
      show: 'set',
      parameter_set_id: '1',
    })
    assert.match(other.html, /name="shown_set_id" value="1"/)
    assert.equal(other.status, 200)
  })

  it('says that a value cannot be left out', async () => {
    const page = await new Visitor(world.url).logIn(LI_WEI)
    await page.open('/tests')
    const { status, html } = await page.submit(`/tests/${item}/trigger`, {
      ...fields,
      extra: '{"shards": 4}',
    })
    assert.equal(status, 400)
    assert.match(errorOf(html, 'extra') ?? '', /db_password/)
  })

  it('each build of a job leads to the items that test it', async () => {
    const page = await new Visitor(world.url).logIn(LI_WEI)
    const job = await page.open(`/builds?job_name=${encodeURIComponent(CORE)}`)
    assert.match(job.html, new RegExp(`href="/builds/${newer}/test"`))
    const { html } = await page.open(`/builds/${newer}/test`)
    assert.match(html, /Trigger cds with build 102/)
  })
})
