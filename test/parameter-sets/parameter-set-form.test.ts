import assert from 'node:assert/strict'
import test from 'node:test'
import { errorOf, Visitor, ZHANG_HUA } from '../http/visitor.ts'
import { ADMIN_PASSWORD, startWorld } from '../world/index.ts'

const world = await startWorld()
const admin = await new Visitor(world.url).logIn(ZHANG_HUA, ADMIN_PASSWORD)

test('a set is written as fields and JSON, changed as a new version, and deleted', async () => {
  const created = await admin.submit('/parameter-sets', {
    name: 'smoke',
    p_upgrade_type: 'full',
    p_test_path: 'tests/smoke',
    extra: '{"region": "cn-north-1", "retries": 2}',
  })
  const id = /^\/parameter-sets\/(\d+)$/.exec(created.path)?.[1]
  assert.ok(id, created.path)

  const changed = await admin.submit(`/parameter-sets/${id}`, {
    name: 'smoke',
    p_upgrade_type: 'full',
    p_test_path: 'deploy',
    extra: '{"retries": 2}',
  })
  assert.match(changed.html, /version 2/)
  assert.match(changed.html, /- test_path: &quot;tests\/smoke&quot;/)
  assert.match(changed.html, /\+ test_path: &quot;deploy&quot;/)
  const { body } = await world.admin.get(`/parameter-sets/${id}`)
  assert.deepEqual(body.data.parameters, { upgrade_type: 'full', test_path: 'deploy', retries: 2 })

  assert.match((await admin.submit(`/parameter-sets/${id}/delete`)).html, /Parameter set smoke is deleted/)
})

test('JSON that is none comes back as it was typed, with what is wrong', async () => {
  for (const [extra, said] of [
    ['{"a": }', /not a JSON object: it breaks at line 1, column 7/],
    ['[1, 2]', /not a JSON object/],
    ['{"test_path": "x"}', /test_path has a field of its own/],
  ] as const) {
    const page = await admin.submit('/parameter-sets', { name: 'broken', extra })
    assert.equal(page.status, 400)
    assert.match(errorOf(page.html, 'extra') ?? '', said)
    assert.ok(page.html.includes(extra.replaceAll('"', '&quot;')))
  }
})

test('JSON that is nested too deep is refused as in the API', async () => {
  const extra = `${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}`
  const page = await admin.submit('/parameter-sets', { name: 'deep', extra })
  assert.equal(page.status, 400)
  assert.match(page.html, /nested deeper than 100 levels/)
})

test('broken JSON is explained in Chinese on a Chinese page', async () => {
  await admin.submit('/preferences', { lang: 'zh-CN' })
  const page = await admin.submit('/parameter-sets', { name: 'broken', extra: '{"a": }' })
  assert.match(errorOf(page.html, 'extra') ?? '', /^这不是 JSON 对象：在第 1 行第 7 列附近出错/)
  await admin.submit('/preferences', { lang: 'en' })
})

test('a wrong address is told beside its field', async () => {
  const page = await admin.submit('/parameter-sets', { name: 'broken', p_base_url: 'ftp://reports' })
  assert.equal(page.status, 400)
  assert.match(errorOf(page.html, 'p_base_url') ?? '', /absolute http or https address/)
})

test('the default set stays', async () => {
  const { html } = await admin.open('/parameter-sets/1')
  assert.match(html, /cannot be deleted/)
  assert.doesNotMatch(html, /parameter-sets\/1\/delete/)
})

test('many sets are paged, and found by a part of their name or description', async () => {
  for (let number = 1; number <= 26; number++) {
    const set = { name: `nightly ${number}`, description: `Team ${number % 2}`, parameters: {} }
    assert.equal((await world.admin.post('/parameter-sets', set)).status, 201)
  }
  const namesIn = (html: string) => [...html.matchAll(/title="([^"]+)" href="\/parameter-sets\/\d+"/g)].length
  const first = await admin.open('/parameter-sets')
  assert.equal(namesIn(first.html), 25)
  assert.match(first.html, /href="\/parameter-sets\?offset=25"/)
  assert.equal(namesIn((await admin.open('/parameter-sets?offset=25')).html), 2)
  assert.equal(namesIn((await admin.open('/parameter-sets?q=team+1')).html), 13)
  assert.match((await admin.open('/parameter-sets?q=nowhere')).html, /No parameter set matches/)
})
