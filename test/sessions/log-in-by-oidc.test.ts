import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import { Visitor } from '../http/visitor.ts'
import { CLIENT, startIdentityProvider } from '../neighbours/identity-provider.ts'
import { ADMIN_PASSWORD, startWorld } from '../world/index.ts'

const provider = await startIdentityProvider('http://crat.example/login/oidc')
after(() => provider.close())
const world = await startWorld({
  env: {
    ...{ ROLE: 'web', LOGIN_MODE: 'oidc', OIDC_ISSUER: provider.issuer, OIDC_CLIENT_ID: CLIENT.id },
    ...{ OIDC_CLIENT_SECRET: CLIENT.secret, OIDC_ADMIN_GROUPS: 'crat-admins' },
    ...{ ADMIN_EMAILS: 'boss@example.com', ALLOWED_EMAIL_DOMAINS: 'example.com' },
  },
})
const { db } = world.crat.ctx

/** Where the provider is asked; the browser keeps what proves that it began. */
async function begin(browser: Visitor, next = '/runs'): Promise<string> {
  return browser.locationOf(`/login/oidc/start?next=${encodeURIComponent(next)}`)
}

/** The path to which the provider sends the browser back. */
async function signIn(browser: Visitor, login: string, next?: string): Promise<string> {
  const back = new URL(await provider.signIn(await begin(browser, next), login))
  assert.equal(back.origin, 'http://crat.example')
  return back.pathname + back.search
}

const logIn = async (login: string, browser = new Visitor(world.url)) =>
  browser.open(await signIn(browser, login))
const sessionOf = (email: string) => db.session.findFirst({ where: { email } })

describe('single sign-on', () => {
  it('asks with code, PKCE, state and nonce', async () => {
    const url = new URL(await begin(new Visitor(world.url)))
    assert.equal(url.origin, provider.issuer)
    const { searchParams: asked } = url
    assert.deepEqual(
      [asked.get('response_type'), asked.get('code_challenge_method'), asked.get('redirect_uri')],
      ['code', 'S256', 'http://crat.example/login/oidc'],
    )
    for (const name of ['code_challenge', 'state', 'nonce']) assert.ok((asked.get(name) ?? '').length > 20)
  })

  it('lets people in as who they are there, back to where they were', async () => {
    const page = await logIn('li.wei')
    assert.deepEqual([page.status, page.path], [200, '/runs'])
    const session = await sessionOf('li.wei@example.com')
    assert.deepEqual([session?.isAdmin, session?.method], [false, 'oidc'])
  })

  it('makes admins of the members of a group, and of those named in ADMIN_EMAILS', async () => {
    for (const name of ['zhang.hua', 'boss']) {
      await logIn(name)
      assert.equal((await sessionOf(`${name}@example.com`))?.isAdmin, true)
    }
    assert.deepEqual((await sessionOf('zhang.hua@example.com'))?.groups, ['staff', 'crat-admins'])
  })

  it('refuses an address that is not verified, none at all, and one of another domain', async () => {
    for (const [name, words] of [
      ['unverified', /has not verified the address unverified@example\.com/],
      ['nameless', /did not tell your e-mail address/],
      ['guest', /Addresses at elsewhere\.net may not log in here/],
    ] as const) {
      const page = await logIn(name)
      assert.ok(page.status >= 400, name)
      assert.match(page.html, words)
    }
    assert.equal(await db.session.count({ where: { email: { in: ['unverified@example.com'] } } }), 0)
  })

  it('leads nobody to another site', async () => {
    const browser = new Visitor(world.url)
    const page = await browser.open(await signIn(browser, 'li.wei', 'https://evil.example/'))
    assert.equal(page.path, '/tests')
  })
})

describe('an answer of the provider', () => {
  it('counts only in the browser that asked, and once', async () => {
    const browser = new Visitor(world.url)
    const back = await signIn(browser, 'chen.jie')
    const stranger = await new Visitor(world.url).open(back)
    assert.equal(stranger.status, 401)
    assert.match(stranger.html, /not begun in this browser/)

    const other = new Visitor(world.url)
    await begin(other)
    assert.equal((await other.open(back)).status, 502, 'of another login')
    assert.equal(await sessionOf('chen.jie@example.com'), null)

    assert.equal((await browser.open(back)).path, '/runs')
    assert.equal((await new Visitor(world.url).open(back)).status, 401)
  })

  it('that was changed on its way, or is a refusal, lets nobody in', async () => {
    for (const change of [
      (query: URLSearchParams) => query.set('code', 'made-up'),
      (query: URLSearchParams) => query.set('state', 'made-up'),
      (query: URLSearchParams) => query.set('iss', 'http://evil.example'),
      (query: URLSearchParams) => query.delete('code'),
    ]) {
      const browser = new Visitor(world.url)
      const back = new URL(await signIn(browser, 'wu.lei'), world.url)
      change(back.searchParams)
      const page = await browser.open(back.pathname + back.search)
      assert.equal(page.status, 502)
      assert.match(page.html, /role="alert"/)
    }
    assert.equal(await sessionOf('wu.lei@example.com'), null)
    const failed = { action: 'log in failed', after: { path: ['method'], equals: 'oidc' } }
    assert.ok((await db.auditEntry.count({ where: failed })) >= 4, 'they are audited')
  })
})

it('the API takes the admin’s password and nothing else', async () => {
  const user = await world.anyone.post('/auth/login', { email: 'li.wei@example.com' })
  assert.deepEqual([user.status, user.body.code], [401, 'login_by_oidc'])
  const admin = await world.logIn('admin', ADMIN_PASSWORD)
  assert.equal((await admin.get('/auth/me')).body.is_admin, true)
})

it('a provider that cannot be reached is said on the login page, where the password still works', async () => {
  const away = await startWorld({
    env: {
      ...{ ROLE: 'web', LOGIN_MODE: 'oidc', OIDC_ISSUER: 'http://127.0.0.1:1' },
      ...{ OIDC_CLIENT_ID: CLIENT.id, OIDC_CLIENT_SECRET: CLIENT.secret },
    },
  })
  const browser = new Visitor(away.url)
  const page = await browser.open('/login/oidc/start')
  assert.equal(page.status, 502)
  assert.match(page.html, /did not work: fetch failed/)
  assert.equal((await browser.submit('/login', { email: 'admin', password: ADMIN_PASSWORD })).path, '/tests')
})

it('where the mode is another, there is no such way in', async () => {
  const other = await startWorld({ env: { ROLE: 'web' } })
  for (const path of ['/login/oidc/start', '/login/oidc?code=x&state=y'])
    assert.ok([401, 404].includes((await new Visitor(other.url).open(path)).status), path)
})
