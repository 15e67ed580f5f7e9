import assert from 'node:assert/strict'
import { beforeEach, describe, it } from 'node:test'
import { startWorld } from '../world/index.ts'

const world = await startWorld({ env: { ROLE: 'web' } })
const { liWei, admin } = world

const DEFAULTS = {
  project_name: 'CRAT',
  package_build_info_base_url: '',
  package_download_base_url: '',
  external_test_server_url: '',
  query_interval: 60,
  query_timeout: 30,
  max_query_hours: 3,
  auto_sync_interval_hours: 24,
}

const initial = await values()
beforeEach(() =>
  world.crat.ctx.db.setting.update({ where: { key: 'project_name' }, data: { value: 'CRAT' } }),
)

async function values(): Promise<Record<string, unknown>> {
  const { data } = (await liWei.get('/settings')).body
  return Object.fromEntries(Object.entries<{ value: unknown }>(data).map(([key, { value }]) => [key, value]))
}

describe('settings', () => {
  it('have their defaults at first', () => {
    for (const [key, value] of Object.entries(DEFAULTS)) assert.equal(initial[key], value, key)
  })

  it('are told with what they mean', async () => {
    const { data } = (await liWei.get('/settings')).body
    for (const [key, setting] of Object.entries<Record<string, unknown>>(data)) {
      assert.deepEqual(Object.keys(setting).sort(), ['description', 'updated_at', 'value'], key)
      assert.ok(setting.description)
      assert.ok(Date.parse(`${setting.updated_at}`) > 0)
      assert.deepEqual((await liWei.get(`/settings/${key}`)).body, { data: { key, ...setting } })
    }
  })

  it('are none but the known ones', async () => {
    for (const key of ['nope', '__proto__', 'constructor', 'toString', '%00', 'PROJECT_NAME']) {
      const got = await liWei.get(`/settings/${key}`)
      assert.deepEqual([got.status, got.body.code], [404, 'setting_not_found'], key)
      assert.match(got.body.error, /Known are: project_name,/)
      const put = await admin.put(`/settings/${key}`, { value: 'x' })
      assert.deepEqual([put.status, put.body.code], [400, 'setting_not_found'], key)
    }
  })
})

describe('an admin changes settings', () => {
  it('several at once, with effect at once', async () => {
    const changed = {
      project_name: '投递',
      query_interval: 0.5,
      max_query_hours: '12',
      query_timeout: ' 45 ',
    }
    const { status, body } = await admin.put('/settings', changed)

    assert.equal(status, 200)
    assert.equal(typeof body.message, 'string')
    assert.equal(body.data.project_name.value, '投递')
    const now = await values()
    assert.deepEqual(
      [now.project_name, now.query_interval, now.max_query_hours, now.query_timeout],
      ['投递', 0.5, 12, 45],
    )
    const page = await fetch(`${world.url}/login`)
    assert.match(await page.text(), /投递/)
  })

  it('one by its key', async () => {
    const { status, body } = await admin.put('/settings/package_download_base_url', {
      value: 'https://packages.example.com:8443/build/?x=1',
    })
    assert.equal(status, 200)
    assert.deepEqual(Object.keys(body.data).sort(), ['description', 'key', 'updated_at', 'value'])
    assert.deepEqual(
      [body.data.key, body.data.value],
      ['package_download_base_url', 'https://packages.example.com:8443/build/?x=1'],
    )
    assert.deepEqual((await liWei.get('/settings/package_download_base_url')).body.data, body.data)
  })

  it('all of them or none', async () => {
    const before = await values()
    for (const [wrong, path] of [
      ['{"project_name":"new","nope":1}', 'nope'],
      ['{"project_name":"new","__proto__":1}', '__proto__'],
      ['{"project_name":"new","constructor":1}', 'constructor'],
      ['{"project_name":"new","query_interval":0}', 'query_interval'],
      ['{"project_name":"new","query_interval":1e999}', 'query_interval'],
      ['{"project_name":"new","external_test_server_url":"10.8.24.59"}', 'external_test_server_url'],
      ['{}', ''],
      ['[]', ''],
      ['null', ''],
      ['"project_name"', ''],
    ] as const) {
      const { status, body } = await admin.put('/settings', wrong)
      assert.equal(status, 400, wrong)
      assert.equal(body.details[0].path, path, wrong)
      assert.deepEqual(await values(), before, wrong)
    }
    const { body } = await admin.put('/settings', { nope: 1, nor_this: 2, query_timeout: 'x' })
    assert.deepEqual(body.details.map(({ path }: { path: string }) => path).sort(), [
      'nope',
      'nor_this',
      'query_timeout',
    ])
  })

  it('to values that make sense', async () => {
    const before = await values()
    const wrong: Record<string, unknown[]> = {
      project_name: ['', '  ', 5, null, 'a\nb', '\0', '\ud800', 'x'.repeat(101)],
      query_interval: [0, -1, 'x', '', null, true, [60], 3601, '1e3', '0x10'],
      query_timeout: [0, 601, 'NaN'],
      max_query_hours: [0, 241],
      auto_sync_interval_hours: [0, 8761, 'daily'],
    }
    const urls = [
      'x',
      '/build',
      '//host/build',
      'ftp://host',
      'javascript:alert(1)',
      'http://',
      'http://a b',
      5,
      null,
    ]
    urls.push('http://host/\0', 'http://host/\ud800', `http://host/${'x'.repeat(1000)}`)
    for (const key of Object.keys(DEFAULTS).filter(name => name.endsWith('_url'))) wrong[key] = urls
    for (const [key, each] of Object.entries(wrong)) {
      for (const value of each) {
        const { status, body } = await admin.put(`/settings/${key}`, { value })
        assert.equal(status, 400, `${key}: ${JSON.stringify(value).slice(0, 80)}`)
        assert.deepEqual([body.code, body.details[0].path], ['invalid_setting', 'value'])
        assert.match(body.error, new RegExp(`^The setting ${key} was not changed: it must`))
      }
    }
    const missing = await admin.put('/settings/query_interval', {})
    assert.deepEqual([missing.status, missing.body.details[0].path], [400, 'value'])
    assert.deepEqual(await values(), before)
  })

  it('and it is written down who changed what', async () => {
    await admin.put('/settings', { project_name: 'renamed' })
    await admin.put('/settings', { project_name: 'renamed' })
    const entries = await world.crat.ctx.db.auditEntry.findMany({
      where: { subject: 'project_name', after: { equals: 'renamed' } },
    })
    assert.equal(entries.length, 1)
    assert.deepEqual(
      [entries[0]?.actor, entries[0]?.action, entries[0]?.before],
      ['admin', 'change setting', 'CRAT'],
    )
  })
})
