import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { ADMIN_PASSWORD, type Answer, startWorld } from '../world/index.ts'
import { Visitor, ZHANG_HUA } from './visitor.ts'

const world = await startWorld({ env: { ROLE: 'web' } })
const { admin } = world
const zhangHua = await new Visitor(world.url).logIn(ZHANG_HUA, ADMIN_PASSWORD)
const item = (await admin.post('/test-items', { name: 'cds' })).body.data.id
const set = (
  await admin.post('/parameter-sets', { name: 'lab', parameters: { test_path: 'all', shards: 1 } })
).body.data.id

const RECORDS = [
  { path: `/test-items/${item}`, change: (text: string) => ({ description: text }), field: 'description' },
  {
    path: `/parameter-sets/${set}`,
    change: (text: string) => ({ parameters: { test_path: text } }),
    field: 'parameters.test_path',
  },
  { path: '/settings', change: (text: string) => ({ project_name: text }), field: 'project_name' },
  { path: '/settings/project_name', change: (text: string) => ({ value: text }), field: 'project_name' },
]

const etagOf = async (path: string) => (await admin.get(path)).headers.get('etag') ?? ''
const put = (path: string, body: object, etag: string) => admin.call('PUT', path, body, { 'if-match': etag })
const pathsIn = ({ body }: Answer) => (body.details ?? []).map((wrong: { path: string }) => wrong.path)

for (const { path, change, field } of RECORDS) {
  describe(`PUT ${path}`, () => {
    it('with the newest ETag is done, and answers the next one', async () => {
      const first = await etagOf(path)
      const { status, headers } = await put(path, change('one'), first)
      assert.equal(status, 200)
      assert.notEqual(headers.get('etag'), first)
      assert.equal(headers.get('etag'), await etagOf(path))
      assert.equal((await put(path, change('two'), `W/${headers.get('etag')}`)).status, 200)
    })

    it('with an older one is refused and names the fields', async () => {
      const older = await etagOf(path)
      await admin.put(path, change('theirs'))
      const refused = await put(path, change('mine'), older)
      assert.deepEqual([refused.status, refused.body.code], [409, 'changed_meanwhile'])
      assert.ok(pathsIn(refused).includes(field), JSON.stringify(refused.body))
      assert.equal((await put(path, change('mine'), '"made-up"')).status, 409)
      assert.equal((await put(path, change('mine'), '*')).status, 200)
      assert.equal((await admin.put(path, change('without'))).status, 200)
    })

    it('of several at once with the same ETag one is done', async () => {
      const etag = await etagOf(path)
      const answers = await Promise.all(['a', 'b', 'c', 'd'].map(text => put(path, change(text), etag)))
      assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 409, 409, 409])
    })
  })
}

describe('a form that someone else was faster with', () => {
  const revisionIn = (html: string) => /name="revision" value="([^"]+)"/.exec(html)?.[1] ?? ''

  it('shows theirs and yours of an item, takes over what you left alone, and saves on the second try', async () => {
    await admin.put(`/test-items/${item}`, { description: 'before', notification_enabled: true })
    const { html } = await zhangHua.open(`/tests/${item}`)
    const fields = {
      name: 'cds',
      description: 'yours',
      notification_enabled: 'on',
      revision: revisionIn(html),
    }
    await admin.put(`/test-items/${item}`, { description: 'theirs', allowed_triggerers: ['@example.com'] })
    const refused = await zhangHua.submit(`/tests/${item}`, { ...fields, allowed_triggerers: '' })
    assert.equal(refused.status, 409)
    assert.match(refused.html, /Theirs, saved:<\/span> <span class="lines">theirs/)
    assert.match(refused.html, /Yours, in the form:<\/span> <strong class="lines">yours/)
    assert.match(refused.html, /@example\.com<\/textarea>/)
    const saved = await zhangHua.submit(`/tests/${item}`, { ...fields, revision: revisionIn(refused.html) })
    assert.equal(saved.path, `/tests/${item}`)
    assert.equal((await admin.get(`/test-items/${item}`)).body.data.description, 'yours')
  })

  it('shows the parameters of a set that differ', async () => {
    await admin.put(`/parameter-sets/${set}`, {
      parameters: { test_path: 'all', install_dir: '/opt', shards: 1 },
    })
    const { html } = await zhangHua.open(`/parameter-sets/${set}`)
    const fields = {
      ...{ name: 'lab', description: '', p_test_path: 'mine', p_install_dir: '/opt', extra: '{"shards": 1}' },
      revision: revisionIn(html),
    }
    await admin.put(`/parameter-sets/${set}`, {
      parameters: { test_path: 'hers', install_dir: '/srv', shards: 1 },
    })
    const refused = await zhangHua.submit(`/parameter-sets/${set}`, fields)
    assert.equal(refused.status, 409)
    assert.match(refused.html, /<dt>test_path<\/dt>.*hers.*mine.*<dt>install_dir<\/dt>.*\/srv/s)
    assert.match(refused.html, /name="p_install_dir"[^>]*value="\/srv"/)
    assert.match(refused.html, /name="p_test_path"[^>]*value="mine"/)
  })

  it('keeps what you typed in the settings', async () => {
    const { html } = await zhangHua.open('/settings')
    await admin.put('/settings', { query_interval: 7 })
    const fields = { project_name: 'Mine', query_interval: '60', revision: revisionIn(html) }
    const refused = await zhangHua.submit('/settings', fields)
    assert.equal(refused.status, 409)
    assert.match(refused.html, /name="project_name"[^>]*value="Mine"/)
    assert.match(refused.html, /name="query_interval"[^>]*value="7"/)
  })
})
