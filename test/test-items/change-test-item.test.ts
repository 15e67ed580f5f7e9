import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { makeBundle, putBundle } from '../script-bundles/bundles.ts'
import { CORE, coreBuild, startWorld } from '../world/index.ts'

// No worker: what is triggered stays queued.
const world = await startWorld({ env: { ROLE: 'web' } })
const { anyone: jenkins, liWei, admin, url } = world

async function create(name: string, more: object = {}) {
  const { status, body } = await admin.post('/test-items', { name, ...more })
  assert.equal(status, 201, body.error)
  return body.data
}

describe('an admin creates a test item', () => {
  it('with all that it has', async () => {
    const set = await admin.post('/parameter-sets', { name: 'nightly', parameters: {} })
    await putBundle({ url, token: admin.token }, 'cds-tests', await makeBundle({ 'run.py': '' }))
    const sent = {
      name: 'a(b <i>"作业"</i>',
      description: 'line one\nline two',
      associated_job_name: CORE,
      associated_parameter_set_id: set.body.data.id,
      allowed_triggerers: [],
      notification_enabled: false,
      environment_labels: ['linux', 'gpu'],
      script_bundle: 'cds-tests',
      script_bundle_version: 1,
      environments_needed: 2,
      infrastructure_retries: 5,
      test_retries: 1,
      trigger_on_build: true,
      notify_build_author: true,
      schedule: '30 2 * * mon-fri',
      schedule_timezone: 'Asia/Shanghai',
    }
    const { status, body } = await admin.post('/test-items', sent)

    assert.equal(status, 201)
    assert.equal(typeof body.message, 'string')
    const { id, created_at, updated_at, ...rest } = body.data
    assert.deepEqual(rest, sent)
    assert.ok(Date.parse(created_at) > 0 && Date.parse(updated_at) > 0)
    assert.deepEqual((await liWei.get(`/test-items/${id}`)).body, { data: body.data })
    assert.ok(
      (await liWei.get('/test-items')).body.data.some((item: { name: string }) => item.name === sent.name),
    )
  })

  it('with a name alone', async () => {
    const { id, created_at, updated_at, ...rest } = await create(' alone ')
    assert.deepEqual(rest, {
      name: 'alone',
      description: '',
      associated_job_name: null,
      associated_parameter_set_id: null,
      allowed_triggerers: [],
      notify_build_author: false,
      notification_enabled: true,
      environment_labels: [],
      script_bundle: null,
      script_bundle_version: null,
      environments_needed: 1,
      infrastructure_retries: 0,
      test_retries: 0,
      trigger_on_build: false,
      schedule: null,
      schedule_timezone: 'UTC',
    })
  })

  it('under a name that is free', async () => {
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => admin.post('/test-items', { name: 'taken' })),
    )
    assert.deepEqual(answers.map(({ status }) => status).sort(), [201, 409, 409, 409, 409])
    const refused = answers.find(({ status }) => status === 409)
    assert.equal(refused?.body.code, 'test_item_exists')
    assert.match(refused?.body.error, /taken/)
  })

  it('of which every field makes sense', async () => {
    for (const wrong of [
      { name: '' },
      { name: ' ' },
      { name: undefined },
      { name: null },
      { name: 'a\nb' },
      { name: 'a\0' },
      { name: '\udc00' },
      { name: 'x'.repeat(201) },
      { description: 5 },
      { description: 'a\0' },
      { description: '\ud800' },
      { description: 'x'.repeat(2001) },
      { associated_job_name: 5 },
      { associated_job_name: 'a\0' },
      { associated_job_name: 'x'.repeat(256) },
      { associated_parameter_set_id: 4711 },
      { associated_parameter_set_id: 2 ** 31 },
      { associated_parameter_set_id: 1e300 },
      { associated_parameter_set_id: '1' },
      { associated_parameter_set_id: 0 },
      { notification_enabled: 'yes' },
      { notification_enabled: null },
    ]) {
      const { status, body } = await admin.post('/test-items', { name: 'wrong', ...wrong })
      assert.equal(status, 400, JSON.stringify(wrong).slice(0, 80))
      assert.equal(body.details[0].path, Object.keys(wrong)[0])
    }
  })
})

describe('an admin changes a test item', () => {
  it('in one field, and the others stay', async () => {
    const before = await create('change', { description: 'kept', associated_job_name: CORE })
    const { status, body } = await admin.put(`/test-items/${before.id}`, { notification_enabled: false })
    assert.equal(status, 200)
    const { updated_at, ...rest } = body.data
    assert.deepEqual({ ...rest, updated_at: before.updated_at }, { ...before, notification_enabled: false })
    assert.ok(updated_at >= before.updated_at)
  })

  it('to no job and no set, by null or by empty text', async () => {
    for (const [index, associated_job_name] of [null, '', '  '].entries()) {
      const { id } = await create(`unlink ${index}`, { associated_job_name: CORE })
      const { body } = await admin.put(`/test-items/${id}`, {
        ...{ associated_job_name, associated_parameter_set_id: null },
      })
      assert.equal(body.data.associated_job_name, null)
      assert.equal(body.data.associated_parameter_set_id, null)
    }
  })

  it('but not to the name of another', async () => {
    const { id } = await create('mine')
    await create('yours')
    const { status, body } = await admin.put(`/test-items/${id}`, { name: 'yours' })
    assert.deepEqual([status, body.code], [409, 'test_item_exists'])
    assert.equal((await admin.put(`/test-items/${id}`, { name: '' })).status, 400)
    assert.equal((await liWei.get(`/test-items/${id}`)).body.data.name, 'mine')
  })

  it('that someone deletes at the same moment, and is answered so', async () => {
    const { id } = await create('contested')
    const { db } = world.crat.ctx
    const change = await db.$transaction(async tx => {
      await tx.testItem.delete({ where: { id } })
      const answer = admin.put(`/test-items/${id}`, { description: 'too late' })
      await until(async () => {
        const [row] = await db.$queryRaw<{ waits: boolean }[]>`
          SELECT EXISTS (SELECT 1 FROM pg_locks WHERE NOT granted AND database =
            (SELECT oid FROM pg_database WHERE datname = current_database())
            OR NOT granted AND locktype = 'transactionid') AS waits`
        return row?.waits === true
      })
      return { answer }
    })
    const { status, body } = await change.answer
    assert.deepEqual([status, body.code], [409, 'changed_meanwhile'])
  })
})

async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo()));
}

describe('an admin deletes a test item', () => {
  it('and its finished runs go, too', async () => {
    const { run, id } = await triggered('done')
    await liWei.post(`/deploy-test-runs/${run}/cancel`)

    const { status, body } = await admin.delete(`/test-items/${id}`)

    assert.equal(status, 200)
    assert.deepEqual(Object.keys(body), ['message'])
    assert.equal((await liWei.get(`/test-items/${id}`)).status, 404)
    assert.equal((await liWei.get(`/deploy-test-runs/${run}`)).status, 404)
  })

  it('but not while one of its runs is queued', async () => {
    const { run, id } = await triggered('busy')

    const { status, body } = await admin.delete(`/test-items/${id}`)

    assert.deepEqual([status, body.code], [409, 'test_item_in_use'])
    assert.match(body.error, /busy has a run that is queued or active/)
    assert.equal((await liWei.get(`/deploy-test-runs/${run}`)).status, 200)
  })

  it('that is there', async () => {
    for (const [method, path] of [
      ['GET', '/test-items/4711'],
      ['PUT', '/test-items/4711'],
      ['DELETE', '/test-items/4711'],
      ['POST', '/test-items/4711/deploy-test'],
      ['GET', '/test-items/4711/deploy-runs'],
      ['DELETE', '/test-items/4711/deploy-history'],
    ] as const) {
      const { status, body } = await admin.call(method, path, method === 'PUT' ? {} : undefined)
      assert.deepEqual([status, body.code], [404, 'test_item_not_found'], `${method} ${path}`)
    }
  })
})

async function triggered(name: string): Promise<{ id: number; run: number }> {
  await jenkins.post('/builds', coreBuild())
  const { id } = await create(name, { associated_job_name: CORE })
  const { status, body } = await liWei.post(`/test-items/${id}/deploy-test`)
  assert.equal(status, 200, body.error)
  return { id, run: body.data.run_id }
}
