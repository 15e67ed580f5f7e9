import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { startWorld } from '../world/index.ts'

const world = await startWorld({ env: { ROLE: 'web' } })
const { liWei, admin } = world

const FULL = {
  service_name: 'cds',
  install_dir: '/opt/cds',
  upgrade_type: 'full',
  test_path: 'tests/smoke',
  base_url: 'http://10.8.24.59:8080',
  report_keyword: 'cds',
}

async function create(name: string, parameters: object = FULL) {
  const { status, body } = await admin.post('/parameter-sets', { name, parameters })
  assert.equal(status, 201, body.error)
  return body.data
}

describe('the set default', () => {
  it('is there from the start, and listed first', async () => {
    await create('a set before it in the alphabet')
    const { data } = (await liWei.get('/parameter-sets')).body
    assert.equal(data[0].name, 'default')
    assert.equal(data[0].version, 1)
    assert.deepEqual(Object.keys(data[0].parameters).sort(), Object.keys(FULL).sort())
    assert.deepEqual((await liWei.get(`/parameter-sets/${data[0].id}`)).body, { data: data[0] })
    const versions = (await liWei.get(`/parameter-sets/${data[0].id}/versions`)).body
    assert.deepEqual([versions.total, versions.data[0].version], [1, 1])
  })

  it('can be changed, but neither deleted nor renamed', async () => {
    const [{ id }] = (await liWei.get('/parameter-sets')).body.data
    const changed = await admin.put(`/parameter-sets/${id}`, { name: 'default', parameters: FULL })
    assert.deepEqual([changed.status, changed.body.data.version], [200, 2])

    const deleted = await admin.delete(`/parameter-sets/${id}`)
    assert.deepEqual([deleted.status, deleted.body.code], [400, 'default_set_delete'])
    const renamed = await admin.put(`/parameter-sets/${id}`, { name: 'other', parameters: {} })
    assert.deepEqual([renamed.status, renamed.body.code], [400, 'default_set_name'])
    assert.deepEqual((await liWei.get(`/parameter-sets/${id}`)).body.data, changed.body.data)
    assert.equal((await admin.post('/parameter-sets', { name: 'default', parameters: {} })).status, 409)
  })
})

describe('an admin creates a set', () => {
  it('with a name, a description and parameters', async () => {
    const sent = { name: '夜间 <b>', description: 'line one\nline two', parameters: FULL }
    const { status, body } = await admin.post('/parameter-sets', sent)

    assert.equal(status, 201)
    assert.equal(typeof body.message, 'string')
    const { id, created_at, updated_at, ...rest } = body.data
    assert.deepEqual(rest, { ...sent, secret_parameters: [], version: 1 })
    assert.ok(Date.parse(created_at) > 0 && Date.parse(updated_at) > 0)
    assert.deepEqual((await liWei.get(`/parameter-sets/${id}`)).body.data, body.data)
    const versions = (await liWei.get(`/parameter-sets/${id}/versions`)).body
    assert.deepEqual(versions, {
      ...{ total: 1, total_is_exact: true, limit: 20, offset: 0 },
      data: [{ version: 1, parameters: FULL, changed_by: 'admin', created_at: versions.data[0].created_at }],
    })
  })

  it('with further keys, which are kept as they are', async () => {
    const parameters = { ...FULL, retries: 3, hosts: ['a', { b: null }], toString: 'x', 表: '😀' }
    assert.deepEqual((await create('further', parameters)).parameters, parameters)
  })

  it('under a name that is free', async () => {
    await create('taken')
    const { status, body } = await admin.post('/parameter-sets', { name: ' taken ', parameters: {} })
    assert.deepEqual([status, body.code], [409, 'parameter_set_exists'])
    assert.match(body.error, /taken/)
  })

  it('of which every field makes sense', async () => {
    const good = { name: 'good', parameters: {} }
    const nested = JSON.parse(`${'{"a":'.repeat(200)}1${'}'.repeat(200)}`)
    for (const [wrong, path] of [
      [{ name: '' }, 'name'],
      [{ name: undefined }, 'name'],
      [{ name: 5 }, 'name'],
      [{ name: 'a\nb' }, 'name'],
      [{ name: 'a\0' }, 'name'],
      [{ name: '\ud800' }, 'name'],
      [{ name: 'x'.repeat(201) }, 'name'],
      [{ description: null }, 'description'],
      [{ description: 'a\0' }, 'description'],
      [{ description: 'x'.repeat(2001) }, 'description'],
      [{ parameters: undefined }, 'parameters'],
      [{ parameters: null }, 'parameters'],
      [{ parameters: [] }, 'parameters'],
      [{ parameters: 'full' }, 'parameters'],
      [{ parameters: { test_path: 5 } }, 'parameters.test_path'],
      [{ parameters: { upgrade_type: null } }, 'parameters.upgrade_type'],
      [{ parameters: { install_dir: 'x'.repeat(2001) } }, 'parameters.install_dir'],
      [{ parameters: { base_url: '10.8.24.59' } }, 'parameters.base_url'],
      [{ parameters: { base_url: 'ftp://10.8.24.59' } }, 'parameters.base_url'],
      [{ parameters: { more: 'x'.repeat(65_536) } }, 'parameters'],
      [{ parameters: nested }, undefined],
    ] as const) {
      const { status, body } = await admin.post('/parameter-sets', { ...good, ...wrong })
      assert.equal(status, 400, `${path}: ${JSON.stringify(wrong).slice(0, 100)}`)
      assert.equal(body.details?.[0].path, path)
    }
    const { body } = await liWei.get('/parameter-sets')
    assert.ok(!body.data.some(({ name }: { name: string }) => name === 'good'))
  })

  it('without what PostgreSQL cannot hold, and without prototypes', async () => {
    const { status, body } = await admin.post(
      '/parameter-sets',
      '{"name":"hostile","parameters":{"a\\u0000":"b\\u0000\\ud800","__proto__":{"test_path":"x"},"constructor":"c"}}',
    )
    assert.equal(status, 201, body.error)
    assert.deepEqual(body.data.parameters, { a: 'b\ufffd', constructor: 'c' })
    const nested = await admin.post(
      '/parameter-sets',
      '{"name":"hostile below","parameters":{"a":{"__proto__":null,"b":[{"__proto__\\u0000":null,"c":1}]}}}',
    )
    assert.equal(nested.status, 201, nested.body.error)
    assert.deepEqual(nested.body.data.parameters, { a: { b: [{ c: 1 }] } })
  })
})

describe('an admin changes a set', () => {
  it('and each change of its parameters is a version', async () => {
    const { id } = await create('versions')
    const boss = await world.logIn('boss@example.com', 'correct horse')
    await admin.put(`/parameter-sets/${id}`, { name: 'versions', parameters: { ...FULL, retries: 1 } })
    const { status, body } = await boss.put(`/parameter-sets/${id}`, { parameters: {} })

    assert.equal(status, 200)
    assert.equal(typeof body.message, 'string')
    assert.deepEqual([body.data.version, body.data.parameters, body.data.name], [3, {}, 'versions'])
    const versions = (await liWei.get(`/parameter-sets/${id}/versions?limit=2`)).body
    assert.deepEqual(
      versions.data.map(({ created_at, ...version }: { created_at: string }) => version),
      [
        { version: 3, parameters: {}, changed_by: 'boss@example.com' },
        { version: 2, parameters: { ...FULL, retries: 1 }, changed_by: 'admin' },
      ],
    )
    assert.deepEqual([versions.total, versions.limit], [3, 2])
  })

  it('another name, another description or the same parameters are no version', async () => {
    const { id } = await create('before')
    const shuffled = Object.fromEntries(Object.entries(FULL).reverse())
    const { body } = await admin.put(`/parameter-sets/${id}`, {
      ...{ name: 'after', description: 'renamed', parameters: shuffled },
    })
    assert.deepEqual([body.data.name, body.data.description, body.data.version], ['after', 'renamed', 1])
    const entry = await world.crat.ctx.db.auditEntry.findFirst({ orderBy: { id: 'desc' } })
    assert.deepEqual(
      [entry?.actor, entry?.action, entry?.subject],
      ['admin', 'change parameter set', 'before'],
    )
  })

  it('also many at once, each to a version of its own', async () => {
    const { id } = await create('busy')
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, index) =>
        admin.put(`/parameter-sets/${id}`, { parameters: { retries: index } }),
      ),
    )
    assert.deepEqual(
      answers.map(({ body }) => body.data?.version).sort((a, b) => a - b),
      [2, 3, 4, 5, 6, 7, 8, 9, 10, 11],
    )
  })

  it('but not to the name of another', async () => {
    const { id } = await create('mine')
    await create('yours')
    const { status, body } = await admin.put(`/parameter-sets/${id}`, { name: 'yours' })
    assert.deepEqual([status, body.code], [409, 'parameter_set_exists'])
    assert.equal((await liWei.get(`/parameter-sets/${id}`)).body.data.name, 'mine')
  })
})

describe('an admin deletes a set', () => {
  it('and items that used it use the default again', async () => {
    const set = await create('gone')
    const item = await admin.post('/test-items', { name: 'cds', associated_parameter_set_id: set.id })
    const { status, body } = await admin.delete(`/parameter-sets/${set.id}`)

    assert.equal(status, 200)
    assert.equal(typeof body.message, 'string')
    assert.deepEqual(body.data, set)
    const { data } = (await liWei.get(`/test-items/${item.body.data.id}`)).body
    assert.equal(data.associated_parameter_set_id, null)
  })

  it('that is there', async () => {
    for (const [method, path] of [
      ['GET', '/parameter-sets/4711'],
      ['GET', '/parameter-sets/4711/versions'],
      ['PUT', '/parameter-sets/4711'],
      ['DELETE', '/parameter-sets/4711'],
    ] as const) {
      const { status, body } = await admin.call(method, path, method === 'PUT' ? {} : undefined)
      assert.deepEqual([status, body.code], [404, 'parameter_set_not_found'], `${method} ${path}`)
    }
  })
})
