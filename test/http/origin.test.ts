import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { ADMIN_PASSWORD, coreBuild, openWorld, startWorld } from '../world/index.ts'
import { rawRequest } from './raw-request.ts'

const PUBLIC_URL = 'https://crat.example:8443'
const world = await startWorld({
  env: { ROLE: 'web', PUBLIC_URL, ALLOWED_HOSTS: 'Build-Server, crat.intranet:9000' },
})
const form = { 'Content-Type': 'application/x-www-form-urlencoded' }
const json = { 'Content-Type': 'application/json' }

describe('a name in Host', () => {
  const open = (Host: string, path = '/login') => rawRequest(world.url, { path, headers: { Host } })

  for (const host of [
    ...['crat.example', 'crat.example:8443', 'CRAT.example.', 'build-server', 'build-server:8000'],
    ...['crat.intranet', 'localhost:8000', 'a.localhost', '127.0.0.1', '127.1.2.3:80', '[::1]:8000'],
  ])
    it(`${host} is ours`, async () => assert.equal((await open(host)).status, 200))

  for (const host of [
    'evil.example',
    'crat.example.evil',
    '10.1.2.3',
    '127.0.0.1.evil',
    'localhost.evil',
    'x@localhost',
  ])
    it(`${host} is not, and the answer says what to set`, async () => {
      const page = await open(host)
      assert.equal(page.status, 421)
      assert.match(page.text, /ALLOWED_HOSTS/)
      const api = await open(host, '/api/v1/version')
      assert.deepEqual([api.status, JSON.parse(api.text).code], [421, 'foreign_host'])
    })

  it('does not matter to probes, nor to Jenkins', async () => {
    for (const path of ['/health', '/ready', '/metrics'])
      assert.equal((await open('10.1.2.3', path)).status, 200)
    const announce = (headers: Record<string, string>) =>
      rawRequest(world.url, {
        ...{ method: 'POST', path: '/api/v1/builds', body: JSON.stringify(coreBuild()) },
        headers: { Host: 'old-name', ...json, ...headers },
      })
    assert.ok((await announce({})).status < 300)
    assert.equal((await announce({ Origin: 'http://old-name' })).status, 421)
  })
})

/** Logs in as a browser does that sends these headers. */
const logIn = (headers: Record<string, string>) =>
  rawRequest(world.url, {
    ...{ method: 'POST', path: '/login' },
    headers: { ...form, ...headers },
    body: new URLSearchParams({ email: 'zhang@example.com', password: ADMIN_PASSWORD }).toString(),
  })

type Headers = Record<string, string>

const OURS: Headers[] = [
  { Origin: PUBLIC_URL },
  { Origin: 'http://build-server', Host: 'build-server' },
  { Origin: 'https://build-server' },
  { Origin: 'http://crat.intranet:9000' },
  { Origin: 'http://127.0.0.1:8000', Host: '127.0.0.1:8000' },
  { Referer: `${PUBLIC_URL}/tests?q=1` },
  { 'Sec-Fetch-Site': 'same-origin' },
  {},
]
const FOREIGN: Headers[] = [
  { Origin: 'https://evil.example' },
  { Origin: 'null' },
  { Origin: '' },
  { Origin: 'https://crat.example' },
  { Origin: 'http://crat.example:8443' },
  { Origin: 'http://127.0.0.1:9999', Host: '127.0.0.1:8000' },
  { Origin: 'https://evil.example', Referer: `${PUBLIC_URL}/tests` },
  { Referer: 'https://evil.example/' },
  { Referer: 'crat.example' },
  { 'Sec-Fetch-Site': 'cross-site' },
  { 'Sec-Fetch-Site': 'same-site' },
]
describe('a login', () => {
  for (const headers of OURS)
    it(`is taken with ${JSON.stringify(headers)}`, async () => {
      assert.equal((await logIn(headers)).status, 303)
    })
  for (const headers of FOREIGN)
    it(`is refused with ${JSON.stringify(headers)}`, async () => {
      assert.equal((await logIn(headers)).status, 403)
      const api = await world.anyone.call('POST', '/auth/login', { email: 'a@example.com' }, headers)
      assert.deepEqual([api.status, api.body.code], [403, 'forged'])
    })
})

describe('a cookie', () => {
  it('under https is bound to the host, and the old name is still read', async () => {
    const { headers } = await logIn({})
    const [set = ''] = headers['set-cookie'] ?? []
    assert.match(set, /^__Host-crat_session=/)
    assert.match(set, /; Path=\/;/)
    assert.match(set, /; Secure/)
    assert.doesNotMatch(set, /Domain/i)
    const value = /=([^;]+)/.exec(set)?.[1] ?? ''
    for (const name of ['__Host-crat_session', 'crat_session']) {
      const { status } = await world.anyone.call('GET', '/auth/me', undefined, { cookie: `${name}=${value}` })
      assert.equal(status, 200, name)
    }
  })

  it('changes nothing from elsewhere, even with the token of its pages', async () => {
    const { headers } = await logIn({})
    const cookie = (headers['set-cookie']?.[0] ?? '').split(';')[0] ?? ''
    const page = await rawRequest(world.url, { path: '/tests', headers: { cookie } })
    const csrf = /name="_csrf" value="([^"]+)"/.exec(page.text)?.[1] ?? ''
    const change = (more: Headers) =>
      world.anyone.call('PUT', '/settings', { project_name: 'x' }, { cookie, 'x-csrf-token': csrf, ...more })
    for (const more of FOREIGN) assert.equal((await change(more)).status, 403, JSON.stringify(more))
    // fetch sends its own Host.
    const ours = [...OURS.filter(one => !('Host' in one)), { Origin: world.url }]
    for (const more of ours) assert.equal((await change(more)).status, 200, JSON.stringify(more))
  })

  it('under http has its old name', async () => {
    const plain = await openWorld(world.dataDir, world.databaseUrl, { env: { ROLE: 'web' } })
    const { headers } = await rawRequest(plain.url, {
      ...{ method: 'POST', path: '/login', headers: form, body: 'email=li%40example.com' },
    })
    assert.match(`${headers['set-cookie']}`, /^crat_session=/)
  })
})

describe('no cache keeps', () => {
  for (const path of ['/api/v1/version', '/api/v1/builds', '/tests', '/login', '/live'])
    it(path, async () => {
      const { headers } = await rawRequest(world.url, { path })
      assert.equal(headers['cache-control'], 'no-store')
    })
  it('but what is the same for everyone may be kept', async () => {
    const { headers } = await rawRequest(world.url, { path: '/app.css' })
    assert.match(`${headers['cache-control']}`, /max-age/)
  })
})
