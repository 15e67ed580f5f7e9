import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { sealEnvironments } from '../../src/environments/seal-environments.ts'
import { CORE, coreBuild, startWorld } from '../world/index.ts'

// No worker: what is triggered stays queued.
const world = await startWorld({ env: { ROLE: 'web' } })
const { admin, liWei } = world
await world.anyone.post('/builds', coreBuild())
const item = (await admin.post('/test-items', { name: 'cds', associated_job_name: CORE })).body.data

const add = async (input: object) => (await admin.post('/environments', input)).body.data
const list = async () => (await liWei.get('/environments')).body.data
const one = async (id: number) => (await liWei.get(`/environments/${id}`)).body.data

async function triggered(input: object = {}): Promise<{ id: number; waiting_for: unknown }> {
  const { body } = await liWei.post(`/test-items/${item.id}/deploy-test`, input)
  return (await liWei.get(`/deploy-test-runs/${body.data.run_id}`)).body.data
}

describe('the environment default', () => {
  it('is the setting external_test_server_url, both ways', async () => {
    const [environment, ...others] = await list()
    assert.deepEqual(others, [])
    assert.equal(environment.name, 'default')
    assert.equal(environment.state, 'ready')
    assert.equal(environment.test_server_url, '')

    await admin.put('/settings', { external_test_server_url: 'http://10.8.24.59:8001' })
    assert.equal((await one(environment.id)).test_server_url, 'http://10.8.24.59:8001')
    const change = { test_server_url: 'http://10.8.24.60:8001' }
    assert.equal((await admin.put(`/environments/${environment.id}`, change)).status, 200)
    const { body } = await liWei.get('/settings/external_test_server_url')
    assert.equal(body.data.value, 'http://10.8.24.60:8001')
  })

  it('can be neither deleted nor renamed', async () => {
    const [{ id }] = await list()
    for (const answer of [
      await admin.delete(`/environments/${id}`),
      await admin.put(`/environments/${id}`, { name: 'x' }),
    ]) {
      assert.equal(answer.status, 409)
      assert.equal(answer.body.code, 'default_environment_stays')
    }
  })
})

describe('an environment', () => {
  it('is added, changed and deleted by admins; its token is never shown', async () => {
    const input = {
      name: 'rack-1',
      test_server_url: 'http://10.8.24.61',
      labels: ['linux', 'linux', 'gpu'],
      token: 's3cret',
    }
    assert.equal((await liWei.post('/environments', input)).status, 403)
    const { status, body } = await admin.post('/environments', input)
    assert.equal(status, 201)
    assert.deepEqual(body.data.labels, ['linux', 'gpu'])
    assert.equal(body.data.has_token, true)
    assert.doesNotMatch(JSON.stringify(body), /s3cret/)
    assert.equal((await admin.post('/environments', input)).status, 409)

    const { id } = body.data
    const paused = await admin.put(`/environments/${id}`, { state: 'paused' })
    assert.equal(paused.body.data.state, 'paused')
    assert.match(paused.body.data.state_reason, /Paused by admin/)
    assert.equal((await admin.put(`/environments/${id}`, { state: 'ready' })).body.data.state_reason, null)
    assert.equal((await admin.delete(`/environments/${id}`)).status, 200)
    assert.equal((await liWei.get(`/environments/${id}`)).status, 404)
    const entries = await world.crat.ctx.db.auditEntry.findMany({ where: { subject: 'rack-1' } })
    assert.deepEqual(
      entries.map(({ action }) => action),
      ['create environment', 'change environment', 'change environment', 'delete environment'],
    )
    assert.doesNotMatch(JSON.stringify(entries), /s3cret|sealed/)
    assert.equal((entries[0]?.after as { token?: string } | undefined)?.token, '••••••')
  })

  it('has its token and password sealed in the database, also those of before', async () => {
    const { db, sealer } = world.crat.ctx
    const { id } = await add({
      name: 'sealed',
      test_server_url: 'http://li:pw-1@10.8.24.63',
      token: 's3cret',
    })
    const stored = () =>
      db.environment.findUniqueOrThrow({ where: { id }, select: { token: true, testServerUrl: true } })
    const first = await stored()
    assert.doesNotMatch(JSON.stringify(first), /s3cret|pw-1/)
    assert.equal((await one(id)).test_server_url, 'http://••••••@10.8.24.63')

    const { token, ...shown } = { ...(await one(id)), token: '••••••' }
    assert.equal((await admin.put(`/environments/${id}`, { ...shown, token, state: 'ready' })).status, 200)
    assert.deepEqual(await stored(), first, 'what is written back masked stays')

    const plain = { token: 'of-before', testServerUrl: 'http://li:pw-2@10.8.24.63' }
    await db.environment.update({ where: { id }, data: plain })
    await sealEnvironments(db, sealer)
    assert.doesNotMatch(JSON.stringify(await stored()), /of-before|pw-2/)
    assert.deepEqual(sealer.open(await stored()), plain)

    const { body } = await admin.put(`/environments/${id}`, { token: '' })
    assert.equal(body.data.has_token, false)
    await admin.delete(`/environments/${id}`)
  })

  for (const [what, input] of Object.entries({
    'without an address': { name: 'x' },
    'with something that is no address': { name: 'x', test_server_url: '10.8.24.61' },
    'with a comma in a label': { name: 'x', test_server_url: 'http://10.8.24.61', labels: ['a,b'] },
    'that is quarantined by hand': { name: 'x', test_server_url: 'http://10.8.24.61', state: 'quarantined' },
  }))
    it(`is refused ${what}`, async () => assert.equal((await admin.post('/environments', input)).status, 400))

  it('is asked at once, and says what is wrong', async () => {
    const { id } = await add({ name: 'nobody', test_server_url: 'http://127.0.0.1:1' })
    const { body } = await admin.post(`/environments/${id}/check`)
    assert.equal(body.data.reachable, false)
    assert.match(body.data.error, /127\.0\.0\.1:1/)
    await admin.delete(`/environments/${id}`)
  })
})

describe('what a queued run waits for', () => {
  it('is nothing where an environment is free', async () => {
    const run = await triggered()
    assert.equal(run.waiting_for, null)
    await liWei.post(`/deploy-test-runs/${run.id}/cancel`)
  })

  it('is said at once where no environment has its labels, or all that have are paused', async () => {
    await admin.put(`/test-items/${item.id}`, { environment_labels: ['gpu'] })
    const run = await triggered()
    assert.deepEqual(run.waiting_for, { reason: 'no_match', have: 0, need: 1 })
    const gpu = await add({
      name: 'gpu-1',
      test_server_url: 'http://10.8.24.62',
      labels: ['gpu'],
      state: 'paused',
    })
    const again = (await liWei.get(`/deploy-test-runs/${run.id}`)).body.data
    assert.deepEqual(again.waiting_for, { reason: 'none_ready', have: 0, need: 1 })
    await liWei.post(`/deploy-test-runs/${run.id}/cancel`)
    await admin.put(`/environments/${gpu.id}`, { state: 'ready' })
  })

  it('is said of a run that needs two', async () => {
    await admin.put(`/test-items/${item.id}`, { environment_labels: [], environments_needed: 2 })
    const { id: first } = (await list())[0]
    const other = await triggered()
    assert.equal(other.waiting_for, null)
    await admin.put(`/environments/${first}`, { state: 'paused' })
    const { body } = await liWei.get(`/deploy-test-runs/${other.id}`)
    assert.deepEqual(body.data.waiting_for, { reason: 'none_ready', have: 1, need: 2 })
    await admin.put(`/environments/${first}`, { state: 'ready' })
    await liWei.post(`/deploy-test-runs/${other.id}/cancel`)
    await admin.put(`/test-items/${item.id}`, { environments_needed: 1 })
  })

  it('is the one that its trigger names', async () => {
    const { id } = (await list()).find(({ name }: { name: string }) => name === 'gpu-1')
    await admin.put(`/environments/${id}`, { state: 'paused' })
    const run = await triggered({ environment_id: id })
    assert.deepEqual(run.waiting_for, { reason: 'none_ready', have: 0, need: 1 })
    await liWei.post(`/deploy-test-runs/${run.id}/cancel`)
    assert.equal(
      (await liWei.post(`/test-items/${item.id}/deploy-test`, { environment_id: 9999 })).status,
      404,
    )
  })
})

describe('the order of the queue', () => {
  const order = async () =>
    (await liWei.get('/deploy-test-runs/queue')).body.data.map((entry: { run_id: number }) => entry.run_id)

  it('is changed by admins', async () => {
    const ids = [await triggered(), await triggered(), await triggered()].map(({ id }) => id)
    const [a, b, c] = ids as [number, number, number]
    assert.deepEqual(await order(), [a, b, c])
    assert.equal((await liWei.post(`/deploy-test-runs/${c}/move`, { to: 'front' })).status, 403)
    await admin.post(`/deploy-test-runs/${c}/move`, { to: 'front' })
    assert.deepEqual(await order(), [c, a, b])
    await admin.post(`/deploy-test-runs/${a}/move`, { to: 'back' })
    assert.deepEqual(await order(), [c, b, a])
    await admin.post(`/deploy-test-runs/${a}/move`, { before_run_id: b })
    assert.deepEqual(await order(), [c, a, b])
    for (const id of ids) await liWei.post(`/deploy-test-runs/${id}/cancel`)
    assert.equal((await admin.post(`/deploy-test-runs/${a}/move`, { to: 'back' })).status, 409)
  })

  it('is held where the queue is paused', async () => {
    await admin.put('/settings', { queue_paused: true })
    const { body } = await liWei.post(`/test-items/${item.id}/deploy-test`)
    assert.deepEqual([body.data.queued, body.data.queue_position], [true, 1])
    await liWei.post(`/deploy-test-runs/${body.data.run_id}/cancel`)
    await admin.put('/settings', { queue_paused: false })
  })
})
