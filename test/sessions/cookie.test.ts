import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { rawRequest } from '../http/raw-request.ts'
import { ADMIN_PASSWORD, coreBuild, startWorld } from '../world/index.ts'

const world = await startWorld({ env: { ROLE: 'web' } })
const { db } = world.crat.ctx

/** Logs in on the page, as a browser does; says its cookie and the token that its pages carry. */
async function browser(email: string): Promise<{ cookie: string; csrf: string }> {
  const answer = await rawRequest(world.url, {
    ...{ method: 'POST', path: '/login' },
    headers: { 'Content-Type': 'application/x-www-form-urlencoded', 'Sec-Fetch-Site': 'same-origin' },
    body: new URLSearchParams({ email, password: ADMIN_PASSWORD }).toString(),
  })
  assert.equal(answer.status, 303, answer.text)
  const [set = ''] = answer.headers['set-cookie'] ?? []
  assert.match(set, /HttpOnly/)
  assert.match(set, /SameSite=Lax/)
  const cookie = set.split(';')[0] ?? ''
  const page = await rawRequest(world.url, { path: '/tests', headers: { cookie } })
  return { cookie, csrf: /name="_csrf" value="([^"]+)"/.exec(page.text)?.[1] ?? '' }
}

const put = (headers: Record<string, string>) =>
  world.anyone.call('PUT', '/settings', { project_name: 'changed' }, headers)

describe('a cookie', () => {
  it('reads', async () => {
    const { cookie } = await browser('reader@example.com')
    const { status, body } = await world.anyone.call('GET', '/auth/me', undefined, { cookie })
    assert.deepEqual([status, body], [200, { email: 'reader@example.com', is_admin: true }])
  })

  it('changes nothing without the token of its pages', async () => {
    const { cookie, csrf } = await browser('writer@example.com')
    const another = await browser('another@example.com')
    assert.ok(csrf && csrf !== another.csrf)
    for (const token of ['', 'x', another.csrf]) {
      const { status, body } = await put({ cookie, 'x-csrf-token': token })
      assert.deepEqual([status, body.code], [403, 'forged'])
    }
    assert.equal((await put({ cookie })).status, 403)
    // A form of another site can send JSON as plain text.
    assert.equal((await put({ cookie, 'content-type': 'text/plain' })).status, 403)
    assert.equal((await world.liWei.get('/settings/project_name')).body.data.value, 'CRAT')

    assert.equal((await put({ cookie, 'x-csrf-token': csrf })).status, 200)
  })

  it('does not count beside a bearer, right or wrong', async () => {
    const { cookie } = await browser('both@example.com')
    const right = await put({ cookie, authorization: `Bearer ${world.admin.token}` })
    assert.equal(right.status, 200)
    const wrong = await put({ cookie, authorization: 'Bearer x' })
    assert.equal(wrong.status, 401)
    const basic = await put({ cookie, authorization: 'Basic x' })
    assert.equal(basic.status, 403)
  })

  it('lives on when its session is refreshed', async () => {
    const { cookie, csrf } = await browser('fresh@example.com')
    const { status, headers, body } = await world.anyone.call('POST', '/auth/refresh', undefined, {
      ...{ cookie, 'x-csrf-token': csrf },
    })
    assert.equal(status, 200)
    const renewed = (headers.get('set-cookie') ?? '').split(';')[0] ?? ''
    assert.ok(renewed.endsWith(`=${body.token}`))
    assert.equal((await world.anyone.call('GET', '/auth/me', undefined, { cookie: renewed })).status, 200)
    assert.equal((await world.anyone.call('GET', '/auth/me', undefined, { cookie })).status, 401)
  })

  it('goes with the logout', async () => {
    const { cookie, csrf } = await browser('leaver@example.com')
    const { headers } = await world.anyone.call('POST', '/auth/logout', undefined, {
      ...{ cookie, 'x-csrf-token': csrf },
    })
    assert.match(headers.get('set-cookie') ?? '', /Expires=Thu, 01 Jan 1970/)
    assert.equal(await db.session.count({ where: { email: 'leaver@example.com' } }), 0)
  })
})

it('a bearer needs no such token', async () => {
  assert.equal((await put({ authorization: `Bearer ${world.admin.token}` })).status, 200)
})

it('another site can neither log someone in nor announce a build through a browser', async () => {
  const crossSite = { 'sec-fetch-site': 'cross-site' }
  const login = await world.anyone.call('POST', '/auth/login', { email: 'a@example.com' }, crossSite)
  assert.equal(login.status, 403)
  assert.equal((await world.anyone.call('POST', '/builds', coreBuild(), crossSite)).status, 403)
})
