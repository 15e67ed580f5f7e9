import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { mayTrigger } from '../../src/test-items/allowed-triggerers.ts'
import { Visitor } from '../http/visitor.ts'
import { ApiClient, CORE, coreBuild, LI_WEI, startWorld, WANG_FANG } from '../world/index.ts'

const world = await startWorld({ env: { ROLE: 'web' } })
await world.anyone.post('/builds', coreBuild())
const wangFang = await world.logIn(WANG_FANG)
const created = await world.admin.post('/test-items', { name: 'cds', associated_job_name: CORE })
const id: number = created.body.data.id

const allow = (allowed_triggerers: unknown) => world.admin.put(`/test-items/${id}`, { allowed_triggerers })
const trigger = (who: ApiClient) => who.post(`/test-items/${id}/deploy-test`)

describe('an item that names who may trigger it', () => {
  it('names nobody at first: everyone may', async () => {
    assert.deepEqual(created.body.data.allowed_triggerers, [])
    assert.equal((await trigger(wangFang)).status, 200)
  })

  it('is triggered by them and by admins, and by nobody else', async () => {
    const { body } = await allow([' Li.Wei@Example.com ', LI_WEI])
    assert.deepEqual(body.data.allowed_triggerers, [LI_WEI])
    const run = await trigger(world.liWei)
    assert.equal(run.status, 200)
    assert.equal((await trigger(world.admin)).status, 200)

    const refused = await trigger(wangFang)
    assert.deepEqual([refused.status, refused.body.code], [403, 'not_your_item'])
    assert.match(refused.body.error, /li\.wei@example\.com may trigger|trigger cds: li\.wei@example\.com/)

    await world.admin.post(`/deploy-test-runs/${run.body.data.run_id}/cancel`)
    const retry = await wangFang.post(`/deploy-test-runs/${run.body.data.run_id}/retry`)
    assert.deepEqual([retry.status, retry.body.code], [403, 'not_your_item'])
    assert.equal((await world.liWei.post(`/deploy-test-runs/${run.body.data.run_id}/retry`)).status, 200)
  })

  it('may name a domain or a token', async () => {
    const { body } = await world.admin.post('/tokens', { name: 'nightly', scopes: ['trigger'] })
    const nightly = new ApiClient(world.url, body.data.token)
    await allow(['example.org'])
    assert.equal((await trigger(wangFang)).status, 403)
    assert.equal((await trigger(nightly)).status, 403)
    await allow(['@example.com', 'token:nightly'])
    assert.equal((await trigger(wangFang)).status, 200)
    assert.equal((await trigger(nightly)).status, 200)
  })

  it('may name a group', () => {
    const item = { allowedTriggerers: ['group:testers', '@example.com'] }
    const who = (email: string, groups: string[]) => ({ email, groups, isAdmin: false })
    assert.equal(mayTrigger(item, who('a@example.org', ['testers'])), true)
    assert.equal(mayTrigger(item, who('a@example.org', ['Testers'])), false)
    // A token's name is no address.
    assert.equal(mayTrigger(item, who('token:a@example.com', [])), false)
  })

  it('refuses what names nobody', async () => {
    for (const wrong of [['bob'], ['a@b@c'], ['group:'], [''], 'li.wei@example.com', [5], null]) {
      const { status } = await allow(wrong)
      assert.equal(status, 400, JSON.stringify(wrong))
    }
  })

  it('says so on its pages, where the button is off', async () => {
    await allow([LI_WEI])
    const visitor = await new Visitor(world.url).logIn('zhao@example.com')
    for (const path of ['/tests', `/tests/${id}`]) {
      const { html } = await visitor.open(path)
      assert.match(html, /disabled aria-describedby="not-allowed/)
      assert.match(html, /Those who may: li\.wei@example\.com/)
    }
    assert.equal((await visitor.submit(`/tests/${id}/trigger`)).status, 403)
  })

  it('is changed in its form, and the audit has it', async () => {
    const admin = await new Visitor(world.url).logIn('zhang@example.com', 'correct horse')
    await admin.open(`/tests/${id}`)
    const fields = {
      name: 'cds',
      associated_job_name: CORE,
      allowed_triggerers: 'example.com\ngroup:testers',
    }
    await admin.submit(`/tests/${id}`, fields)
    const { body } = await world.liWei.get(`/test-items/${id}`)
    assert.deepEqual(body.data.allowed_triggerers, ['@example.com', 'group:testers'])
    const audit = await world.admin.get('/audit?action=change+test+item&limit=1')
    const [{ before, after, ip }] = audit.body.data
    assert.deepEqual(before.allowed_triggerers, [LI_WEI])
    assert.deepEqual([after.allowed_triggerers, ip], [['@example.com', 'group:testers'], '127.0.0.1'])

    const wrong = await admin.submit(`/tests/${id}`, { ...fields, allowed_triggerers: 'bob' })
    assert.equal(wrong.status, 400)
    assert.match(wrong.html, /item-allowed_triggerers-error/)
  })
})
