import assert from 'node:assert/strict'
import { it } from 'node:test'
import { Visitor, ZHANG_HUA } from '../http/visitor.ts'
import { ADMIN_PASSWORD, ApiClient, LI_WEI, startWorld } from '../world/index.ts'

const world = await startWorld({ env: { ROLE: 'web' } })
const visitor = await new Visitor(world.url).logIn(ZHANG_HUA, ADMIN_PASSWORD)

it('an admin creates a token on its page, sees it once, and deletes it', async () => {
  await visitor.open('/settings/tokens')
  const created = await visitor.submit('/settings/tokens', {
    name: 'page',
    scope_read: 'on',
    scope_trigger: 'on',
  })
  assert.equal(created.status, 201)
  const token = /crat_[\w-]{40,}/.exec(created.html)?.[0] ?? ''
  assert.equal((await new ApiClient(world.url, token).get('/builds')).status, 200)

  const again = await visitor.open('/settings/tokens')
  assert.ok(again.html.includes('page') && !again.html.includes(token))

  const { id } = await world.crat.ctx.db.apiToken.findUniqueOrThrow({ where: { name: 'page' } })
  await visitor.submit(`/settings/tokens/${id}/delete`)
  assert.equal((await new ApiClient(world.url, token).get('/builds')).status, 401)
})

it('the form comes back with what is wrong', async () => {
  await visitor.open('/settings/tokens')
  const page = await visitor.submit('/settings/tokens', { name: 'none' })
  assert.equal(page.status, 400)
  assert.match(page.html, /id="scopes-error"/)
  assert.match(page.html, /value="none"/)
})

it('the page is for admins, and for no token', async () => {
  const liWei = await new Visitor(world.url).logIn(LI_WEI)
  assert.equal((await liWei.open('/settings/tokens')).status, 403)
  const { body } = await world.admin.post('/tokens', { name: 'admin token', scopes: ['admin'] })
  for (const path of ['/settings/tokens', '/tests', '/live']) {
    const headers = { authorization: `Bearer ${body.data.token}` }
    assert.equal((await fetch(world.url + path, { headers })).status, 403)
  }
})
