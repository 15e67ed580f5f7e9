import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { errorOf, Visitor, ZHANG_HUA } from '../http/visitor.ts'
import { SECRET, startChatServices } from '../neighbours/chat/index.ts'
import { ADMIN_PASSWORD, startWorld } from '../world/index.ts'

const services = await startChatServices()
after(() => services.close())
const world = await startWorld()
const admin = await new Visitor(world.url).logIn(ZHANG_HUA, ADMIN_PASSWORD)
const item: number = (await world.admin.post('/test-items', { name: 'cds' })).body.data.id
const first = async () => (await world.admin.get('/channels')).body.data[0]

const form = {
  ...{ name: 'Team <b>', kind: 'feishu', url: services.addressOf('feishu'), secret: SECRET },
  ...{ language: 'zh-CN', enabled: 'on', event_failed: 'on', event_recovered: 'on' },
}

test('a channel is added with a form, without scripts', async () => {
  const page = await admin.submit('/settings/channels', { ...form, [`item_${item}`]: 'on' })
  assert.equal(page.status, 200)
  assert.match(page.html, /Channel Team &lt;b&gt; is added/)
  assert.doesNotMatch(page.html, /feishu-hook|SEC-of/)
  const { kind, events, test_item_ids, language } = await first()
  assert.deepEqual([kind, language, test_item_ids], ['feishu', 'zh-CN', [item]])
  assert.deepEqual(events, ['failed', 'recovered'])
})

test('an example shows what the server answers', async () => {
  const { id } = await first()
  const taken = await admin.submit(`/settings/channels/${id}/test`)
  assert.match(taken.html, /The example was taken\..*HTTP 200.*success/)
  services.answerNext(/./, { body: '{"code":19024,"msg":"Key Words Not Found"}' })
  const refused = await admin.submit(`/settings/channels/${id}/test`)
  assert.match(refused.html, /The example was not taken\..*19024 Key Words Not Found/)
})

test('a change keeps the address and the secret, and switches the channel off', async () => {
  const { id, url } = await first()
  const page = await admin.submit(`/settings/channels/${id}`, {
    name: 'Team',
    url,
    language: 'en',
    secret: '',
  })
  assert.match(page.html, /Channel Team is saved/)
  const after = await first()
  assert.deepEqual([after.enabled, after.events, after.has_secret], [false, [], true])
  const example = await admin.submit(`/settings/channels/${id}/test`)
  assert.match(example.html, /The example was taken/)
})

test('what is wrong is said beside its field, and what was typed comes back', async () => {
  const page = await admin.submit('/settings/channels', { ...form, name: 'Other', url: 'soon' })
  assert.equal(page.status, 400)
  assert.match(errorOf(page.html, 'url') ?? '', /http/)
  assert.match(page.html, /value="Other"/)
  const mail = { name: 'list', kind: 'mail', language: 'en', recipients: 'li.wei@example.com nobody' }
  const list = await admin.submit('/settings/channels', mail)
  assert.equal(list.status, 400)
  assert.match(list.html, /id="f-recipients-error"/)
})

test('a channel is deleted', async () => {
  const { id } = await first()
  const page = await admin.submit(`/settings/channels/${id}/delete`)
  assert.match(page.html, /Channel Team is deleted/)
  assert.match(page.html, /No channels yet/)
})
