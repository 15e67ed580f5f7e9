import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import { sealChannels } from '../../src/channels/seal-channels.ts'
import { createSealer } from '../../src/lib/sealer.ts'
import { SECRET, startChatServices } from '../neighbours/chat/index.ts'
import { startWorld } from '../world/index.ts'

const services = await startChatServices()
after(() => services.close())
const world = await startWorld()
const { admin, liWei } = world
const { db, sealer } = world.crat.ctx
const item = (await admin.post('/test-items', { name: 'cds' })).body.data.id

const MASKED = /^http:\/\/127\.0\.0\.1:\d+\/••••••$/

const team = { name: 'team', kind: 'dingtalk', url: services.addressOf('dingtalk'), secret: SECRET }
const created = await admin.post('/channels', { ...team, events: ['failed'], test_item_ids: [item] })
const id: number = created.body.data.id
const stored = () => db.channel.findUniqueOrThrow({ where: { id } })

describe('a channel', () => {
  it('is added, with its address and secret sealed and never answered', async () => {
    assert.equal(created.status, 201, created.body.error)
    const { data } = created.body
    assert.match(data.url, MASKED)
    assert.deepEqual(
      { ...data, id: 0, url: '', created_at: '', updated_at: '' },
      {
        ...{ id: 0, name: 'team', kind: 'dingtalk', enabled: true, events: ['failed'], language: 'en' },
        ...{
          test_item_ids: [item],
          url: '',
          has_secret: true,
          recipients: [],
          created_at: '',
          updated_at: '',
        },
      },
    )
    const row = await stored()
    assert.match(`${row.url} ${row.secret}`, /^sealed\.v1\.\S+ sealed\.v1\.\S+$/)
    assert.deepEqual(sealer.open([row.url, row.secret]), [team.url, SECRET])
    const seen = [created.body, (await liWei.get('/channels')).body, (await admin.get('/audit')).body]
    assert.doesNotMatch(JSON.stringify(seen), /ding-token|SEC-of/)
  })

  it('keeps its address and secret where they are not given, or as they are shown', async () => {
    const before = await stored()
    const { url } = created.body.data
    const { status } = await admin.put(`/channels/${id}`, { url, events: ['error'], language: 'zh-CN' })
    assert.equal(status, 200)
    const row = await stored()
    assert.deepEqual([row.url, row.secret], [before.url, before.secret])
    assert.deepEqual([row.events, row.language], [['error'], 'zh-CN'])
    await admin.put(`/channels/${id}`, { secret: '' })
    assert.equal((await stored()).secret, null)
    await admin.put(`/channels/${id}`, { secret: SECRET })
  })

  it('stays of its kind: an address is never told to another service', async () => {
    const { status, body } = await admin.put(`/channels/${id}`, { kind: 'slack' })
    assert.equal(status, 409)
    assert.equal(body.code, 'channel_kind_stays')
  })

  it('is sealed anew with a new secret of the server', async () => {
    const { jwtSecret } = { jwtSecret: 'only for tests, only for tests' }
    const later = createSealer(['another secret, another secret', jwtSecret])
    await sealChannels(db, later)
    const row = await stored()
    assert.ok(later.isCurrent([row.url, row.secret]))
    await sealChannels(db, createSealer([jwtSecret, 'another secret, another secret']))
    assert.deepEqual(sealer.open([(await stored()).url]), [team.url])
  })

  it('is refused with what is wrong', async () => {
    const wrong: [object, string][] = [
      [{ name: 'x', kind: 'slack' }, 'url'],
      [{ name: 'x', kind: 'mail' }, 'recipients'],
      [{ name: 'x', kind: 'mail', recipients: ['nobody'] }, 'recipients.0'],
      [{ name: 'x', kind: 'pigeon', url: team.url }, 'kind'],
      [{ name: 'x', kind: 'slack', url: 'ftp://example.com' }, 'url'],
      [{ ...team, name: 'x', events: ['sometimes'] }, 'events.0'],
      [{ ...team, name: 'x', test_item_ids: [999] }, 'test_item_ids.0'],
      [{ ...team, name: 'x', language: 'fr' }, 'language'],
    ]
    for (const [input, path] of wrong) {
      const { status, body } = await admin.post('/channels', input)
      assert.equal(status, 400, JSON.stringify(input))
      assert.equal(body.details[0].path, path, JSON.stringify(input))
    }
    assert.equal((await admin.post('/channels', team)).status, 409)
    assert.equal((await admin.put('/channels/999', {})).status, 404)
  })

  it('is for admins to change, and for others to see with its recipients masked', async () => {
    await admin.post('/channels', { name: 'list', kind: 'mail', recipients: ['Wang.Fang@example.com'] })
    assert.equal((await liWei.post('/channels', team)).status, 403)
    assert.equal((await liWei.post(`/channels/${id}/test`)).status, 403)
    const of = async (who: typeof liWei) =>
      (await who.get('/channels')).body.data.find(({ name }: { name: string }) => name === 'list').recipients
    assert.deepEqual(await of(liWei), ['••••••@example.com'])
    assert.deepEqual(await of(admin), ['wang.fang@example.com'])
  })

  it('can be deleted', async () => {
    const { body } = await admin.post('/channels', { ...team, name: 'for a moment' })
    assert.equal((await admin.delete(`/channels/${body.data.id}`)).status, 200)
    const { data } = (await admin.get('/audit')).body
    assert.deepEqual(
      data.slice(0, 2).map(({ action }: { action: string }) => action),
      ['delete channel', 'create channel'],
    )
  })
})

describe('an example', () => {
  for (const kind of ['slack', 'dingtalk', 'wecom', 'feishu', 'webhook'] as const) {
    it(`goes to ${kind} at once, and the server's answer is shown`, async () => {
      const url = services.addressOf(kind)
      const { body } = await admin.post('/channels', { name: kind, kind, url, secret: SECRET })
      const { status, body: answer } = await admin.post(`/channels/${body.data.id}/test`)
      assert.equal(status, 200)
      assert.equal(answer.data.delivered, true, answer.data.answer)
      assert.equal(answer.data.status, kind === 'webhook' ? 204 : 200)
    })
  }

  it('says what a service has against it', async () => {
    await admin.put(`/channels/${id}`, { secret: 'another' })
    const { data } = (await admin.post(`/channels/${id}/test`)).body
    assert.equal(data.delivered, false)
    assert.equal(data.status, 200)
    assert.match(data.answer, /310000 sign not match/)
  })

  it('is mailed to a list, or says why not', async () => {
    const list = (await admin.get('/channels')).body.data.find(
      ({ kind }: { kind: string }) => kind === 'mail',
    )
    const { data } = (await admin.post(`/channels/${list.id}/test`)).body
    assert.equal(data.delivered, false)
    assert.match(data.answer, /no mail server/)
  })
})
