import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { API } from '../../src/routes.ts'
import { ADMIN_PASSWORD, type Answer, ApiClient, coreBuild, startWorld, WANG_FANG } from '../world/index.ts'
import { existingRows } from './existing-rows.ts'
import { rawRequest } from './raw-request.ts'

const world = await startWorld({ env: { ROLE: 'web' } })
const rows = existingRows(world)

/** As the contract says; what is not named here is for users. */
const PUBLIC = [
  ...['POST /auth/login', 'GET /version', 'GET /script-files/:sha256'],
  'GET /badges/:test_item_id.svg',
]
const WEBHOOK = ['POST /builds']
const UPLOAD = ['POST /builds/job/*job_name/:build_number/report']
const TRIGGER = [
  'POST /test-items/:id/deploy-test',
  'POST /deploy-test-runs/:id/cancel',
  'POST /deploy-test-runs/:id/retry',
]
const ADMIN = [
  'DELETE /builds/:id',
  'POST /builds/job-names',
  'DELETE /builds/job-names/*job_name',
  'POST /builds/job/*job_name/prune',
  'DELETE /job-versions/*job_name',
  'POST /test-items',
  'PUT /test-items/:id',
  'DELETE /test-items/:id',
  'DELETE /test-items/:id/deploy-history',
  'PUT /settings',
  'PUT /settings/:key',
  'POST /parameter-sets',
  'PUT /parameter-sets/:id',
  'DELETE /parameter-sets/:id',
  'POST /channels',
  'PUT /channels/:id',
  'DELETE /channels/:id',
  'POST /channels/:id/test',
  ...['POST /alert-rules', 'PUT /alert-rules/:id', 'DELETE /alert-rules/:id'],
  'POST /deliveries/:id/resend',
  'POST /environments',
  'PUT /environments/:id',
  'DELETE /environments/:id',
  'POST /environments/:id/check',
  'POST /deploy-test-runs/:id/move',
  'PUT /script-bundles/:name',
  'GET /audit',
]
const ADMIN_SESSION = ['GET /tokens', 'POST /tokens', 'DELETE /tokens/:id']
const USER_SESSION = [
  ...['POST /auth/logout', 'POST /auth/refresh', 'GET /watches'],
  ...['GET /digest', 'PUT /digest', 'DELETE /digest'],
  ...['PUT /test-items/:id/watch', 'DELETE /test-items/:id/watch'],
  ...['PUT /deploy-test-runs/:id/watch', 'DELETE /deploy-test-runs/:id/watch'],
]
/** Of rows that belong to someone: here a run of li.wei, and a session of somebody. */
const OWN_ONLY: Record<string, string[]> = {
  'POST /deploy-test-runs/:id/cancel': ['li.wei', 'admin', 'token admin'],
  'DELETE /sessions/:id': ['admin', 'token admin'],
}

interface Call {
  path?: string
  body?: unknown
  /** What it answers to those who may; 200 where nothing is said. */
  status?: number
}

/** How each route is called with rows that exist; a GET without parameters needs none. */
const CALLS: Record<string, () => Promise<Call>> = {
  'POST /auth/login': async () => ({ body: { email: 'new@example.com' } }),
  'POST /builds': async () => ({ body: coreBuild(1, { JOB_NAME: rows.unique('new') }), status: 201 }),
  'POST /builds/job-names': async () => ({ body: { job_name: rows.unique('added') }, status: 201 }),
  'DELETE /builds/job-names/*job_name': async () => ({ path: `/builds/job-names/${await rows.job()}` }),
  'GET /builds/job/*job_name/latest': async () => ({ path: `/builds/job/${await rows.job()}/latest` }),
  'GET /builds/job/*job_name': async () => ({ path: `/builds/job/${await rows.job()}` }),
  'POST /builds/job/*job_name/prune': async () => ({ path: `/builds/job/${await prunable()}/prune` }),
  'GET /builds/:id': async () => ({ path: `/builds/${(await rows.build()).id}` }),
  'GET /builds/:id/verdict': async () => ({ path: `/builds/${(await rows.build()).id}/verdict` }),
  'DELETE /builds/:id': async () => ({ path: `/builds/${(await rows.build()).id}` }),
  'PUT /job-versions': async () => {
    const { job, id } = await rows.build()
    return { body: { job_name: job, build_id: id } }
  },
  'POST /job-versions/*job_name/sync': async () => ({ path: `/job-versions/${await rows.job()}/sync` }),
  'GET /job-versions/*job_name/history': async () => ({ path: `/job-versions/${await rows.job()}/history` }),
  'GET /job-versions/*job_name': async () => ({ path: `/job-versions/${await rows.job()}` }),
  'DELETE /job-versions/*job_name': async () => ({ path: `/job-versions/${await rows.job()}` }),
  'POST /test-items': async () => ({ body: { name: rows.unique('new') }, status: 201 }),
  'GET /test-items/:id': async () => ({ path: `/test-items/${await rows.item()}` }),
  'PUT /test-items/:id': async () => ({
    ...{ path: `/test-items/${await rows.item()}`, body: { description: 'x' } },
  }),
  'DELETE /test-items/:id': async () => ({ path: `/test-items/${await rows.item()}` }),
  'POST /test-items/:id/deploy-test': async () => ({ path: `/test-items/${await rows.item()}/deploy-test` }),
  'GET /test-items/:id/deploy-runs': async () => ({ path: `/test-items/${await rows.item()}/deploy-runs` }),
  'DELETE /test-items/:id/deploy-history': async () => ({
    path: `/test-items/${await rows.item()}/deploy-history`,
  }),
  'PUT /digest': async () => ({ body: { items: 'all' } }),
  'PUT /test-items/:id/watch': async () => ({ path: `/test-items/${await rows.item()}/watch` }),
  'DELETE /test-items/:id/watch': async () => ({ path: `/test-items/${await rows.item()}/watch` }),
  'PUT /deploy-test-runs/:id/watch': async () => ({ path: `/deploy-test-runs/${await rows.run()}/watch` }),
  'DELETE /deploy-test-runs/:id/watch': async () => ({ path: `/deploy-test-runs/${await rows.run()}/watch` }),
  'GET /deploy-test-runs/:id': async () => ({ path: `/deploy-test-runs/${await rows.run()}` }),
  'GET /deploy-test-runs/:id/tests': async () => ({ path: `/deploy-test-runs/${await rows.run()}/tests` }),
  'GET /deploy-test-runs/:id/load': async () => ({ path: `/deploy-test-runs/${await rows.run()}/load` }),
  'GET /deploy-test-runs/:id/log': async () => ({ path: `/deploy-test-runs/${await rows.run()}/log` }),
  'POST /deploy-test-runs/:id/cancel': async () => ({ path: `/deploy-test-runs/${await rows.run()}/cancel` }),
  'POST /deploy-test-runs/:id/retry': async () => ({
    path: `/deploy-test-runs/${await rows.finishedRun()}/retry`,
  }),
  'PUT /settings': async () => ({ body: { project_name: 'CRAT' } }),
  'GET /settings/:key': async () => ({ path: '/settings/project_name' }),
  'PUT /settings/:key': async () => ({ path: '/settings/project_name', body: { value: 'CRAT' } }),
  'POST /parameter-sets': async () => ({ body: { name: rows.unique('new'), parameters: {} }, status: 201 }),
  'GET /parameter-sets/:id': async () => ({ path: `/parameter-sets/${await rows.parameterSet()}` }),
  'GET /parameter-sets/:id/versions': async () => ({
    path: `/parameter-sets/${await rows.parameterSet()}/versions`,
  }),
  'PUT /parameter-sets/:id': async () => ({
    ...{ path: `/parameter-sets/${await rows.parameterSet()}`, body: { description: 'x' } },
  }),
  'DELETE /parameter-sets/:id': async () => ({ path: `/parameter-sets/${await rows.parameterSet()}` }),
  'POST /tokens': async () => ({ body: { name: rows.unique('new'), scopes: ['read'] }, status: 201 }),
  'DELETE /tokens/:id': async () => ({ path: `/tokens/${(await rows.token()).id}` }),
  'DELETE /sessions/:id': async () => ({ path: `/sessions/${await rows.session()}` }),
  'POST /deploy-test-runs/:id/move': async () => ({
    path: `/deploy-test-runs/${await rows.run()}/move`,
    body: {},
  }),
  'POST /channels': async () => ({ body: rows.webhook(), status: 201 }),
  'PUT /channels/:id': async () => ({ path: `/channels/${await rows.channel()}`, body: { enabled: false } }),
  'DELETE /channels/:id': async () => ({ path: `/channels/${await rows.channel()}` }),
  'POST /channels/:id/test': async () => ({ path: `/channels/${await rows.channel()}/test` }),
  'POST /alert-rules': async () => ({ body: rows.alertRule(), status: 201 }),
  'PUT /alert-rules/:id': async () => ({
    path: `/alert-rules/${await rows.alert()}`,
    body: { threshold: 80 },
  }),
  'DELETE /alert-rules/:id': async () => ({ path: `/alert-rules/${await rows.alert()}` }),
  'POST /deliveries/:id/resend': async () => ({
    ...{ path: `/deliveries/${await rows.mail()}/resend`, status: 202 },
  }),
  'POST /environments': async () => ({
    ...{ body: { name: rows.unique('rack'), test_server_url: 'http://127.0.0.1:1' }, status: 201 },
  }),
  'GET /environments/:id': async () => ({ path: `/environments/${await rows.environment()}` }),
  'PUT /environments/:id': async () => ({
    path: `/environments/${await rows.environment()}`,
    body: { labels: ['x'] },
  }),
  'DELETE /environments/:id': async () => ({ path: `/environments/${await rows.environment()}` }),
  'POST /environments/:id/check': async () => ({ path: `/environments/${await rows.environment()}/check` }),
  'GET /test-items/:id/tests': async () => ({ path: `/test-items/${await rows.item()}/tests` }),
  'GET /deploy-test-runs/:id/compare/:other': async () => ({
    path: `/deploy-test-runs/${await rows.run()}/compare/${await rows.run()}`,
  }),
  'GET /badges/:test_item_id.svg': async () => ({ path: '/badges/1.svg', status: 404 }),
  // Files are for the tests of uploads, exports, kept reports and script bundles.
  'POST /builds/job/*job_name/:build_number/report': async () => ({
    ...{ path: `/builds/job/${await rows.job()}/9/report`, body: '', status: 404 },
  }),
  'GET /deploy-test-runs/:id/export': async () => ({
    path: '/deploy-test-runs/2147483647/export',
    status: 404,
  }),
  'GET /deploy-test-runs/:id/report/*path': async () => ({
    ...{ path: `/deploy-test-runs/${await rows.run()}/report/index.html`, status: 404 },
  }),
  'GET /script-bundles/:name': async () => ({ path: '/script-bundles/none', status: 404 }),
  'PUT /script-bundles/:name': async () => ({ path: '/script-bundles/x', body: 'no .tgz', status: 400 }),
  'GET /script-bundles/:name/:version': async () => ({ path: '/script-bundles/none/1', status: 404 }),
  'GET /script-files/:sha256': async () => ({ path: '/script-files/x?signature=x', status: 403 }),
}

async function prunable(): Promise<string> {
  const job = await rows.job()
  await rows.item(job)
  return job
}

const withToken = async (scope: string) => new ApiClient(world.url, (await rows.token([scope])).token)

async function endedSession(): Promise<ApiClient> {
  const client = await world.logIn('gone@example.com')
  await client.post('/auth/logout')
  return client
}

async function deletedToken(): Promise<ApiClient> {
  const { id, token } = await rows.token(['admin', 'webhook'])
  await world.admin.delete(`/tokens/${id}`)
  return new ApiClient(world.url, token)
}

const CALLERS = {
  nobody: world.anyone,
  stranger: new ApiClient(world.url, 'a token that nobody gave out'),
  'ended session': await endedSession(),
  'deleted token': await deletedToken(),
  'li.wei': world.liWei,
  'wang.fang': await world.logIn(WANG_FANG),
  admin: world.admin,
  'token read': await withToken('read'),
  'token trigger': await withToken('trigger'),
  'token webhook': await withToken('webhook'),
  'token admin': await withToken('admin'),
}
type Caller = keyof typeof CALLERS
const NOBODY: Caller[] = ['nobody', 'stranger', 'ended session', 'deleted token']
const USERS: Caller[] = ['li.wei', 'wang.fang', 'admin']

/** Who may, of all callers. */
function mayCall(name: string): Caller[] {
  if (PUBLIC.includes(name)) return Object.keys(CALLERS) as Caller[]
  if (UPLOAD.includes(name)) return ['li.wei', 'wang.fang', 'admin', 'token webhook', 'token admin']
  if (WEBHOOK.includes(name))
    return [...NOBODY.filter(caller => caller !== 'deleted token'), ...USERS, 'token webhook', 'token admin']
  if (ADMIN_SESSION.includes(name)) return ['admin']
  if (ADMIN.includes(name)) return ['admin', 'token admin']
  if (USER_SESSION.includes(name)) return USERS
  if (OWN_ONLY[name]) return OWN_ONLY[name] as Caller[]
  if (TRIGGER.includes(name)) return [...USERS, 'token trigger', 'token admin']
  return name.startsWith('GET ')
    ? [...USERS, 'token read', 'token trigger', 'token admin']
    : [...USERS, 'token admin']
}

const routes = API.map(([method, path]) => ({ name: `${method} ${path}`, method, pattern: path }))

/** These end the caller's session. */
const ENDS_SESSION = USER_SESSION

const callOf = async (name: string): Promise<Call> => (await CALLS[name]?.()) ?? {}

async function send(client: ApiClient, name: string, call: Call, headers: Record<string, string> = {}) {
  const [method = '', pattern = ''] = name.split(' ')
  const { path = pattern, body, status = 200 } = call
  assert.ok(!/[:*]/.test(path), `no call for ${name}`)
  return { answer: await client.call(method, path, body, headers), usual: status }
}

describe('who may call what', () => {
  for (const { name, method } of routes) {
    it(name, async () => {
      const allowed = mayCall(name)
      // Those who may not leave the row as it is.
      const shared = await callOf(name)
      for (const [caller, client] of Object.entries(CALLERS) as [Caller, ApiClient][]) {
        if (ENDS_SESSION.includes(name) && USERS.includes(caller)) continue
        const isNew = method !== 'GET' && allowed.includes(caller)
        const { answer, usual } = await send(client, name, isNew ? await callOf(name) : shared)
        const expected = allowed.includes(caller) ? usual : NOBODY.includes(caller) ? 401 : 403
        assert.equal(answer.status, expected, `${caller}: ${answer.status} ${answer.body.error}`)
        assert.equal(answer.headers.get('cache-control'), 'no-store')
        if (expected >= 400) assert.match(answer.body.error, /\w/)
      }
    })
  }

  it('a session ends itself and gets itself a new token', async () => {
    const client = await world.logIn('short@example.com')
    const { status, body } = await client.post('/auth/refresh')
    assert.equal(status, 200)
    assert.equal((await new ApiClient(world.url, body.token).post('/auth/logout')).status, 200)
  })

  it('every row of the contract is there', () => {
    const names = new Set(routes.map(({ name }) => name))
    const listed = [...PUBLIC, ...WEBHOOK, ...UPLOAD, ...TRIGGER, ...ADMIN, ...ADMIN_SESSION, ...USER_SESSION]
    for (const row of [...listed, ...Object.keys(OWN_ONLY), ...Object.keys(CALLS)])
      assert.ok(names.has(row), row)
  })
})

describe('a token triggers as itself', () => {
  it('and may cancel its own run, not that of another', async () => {
    const { token } = await rows.token(['trigger'])
    const program = new ApiClient(world.url, token)
    const { body: me } = await program.get('/auth/me')
    const triggered = await program.post(`/test-items/${await rows.item()}/deploy-test`)
    const run: number = triggered.body.data.run_id
    assert.equal((await program.get(`/deploy-test-runs/${run}`)).body.data.triggered_by, me.email)
    assert.match(me.email, /^token:token \d+$/)
    assert.equal((await world.liWei.post(`/deploy-test-runs/${run}/cancel`)).status, 403)
    assert.equal((await program.post(`/deploy-test-runs/${run}/cancel`)).status, 200)
    assert.equal((await program.post(`/deploy-test-runs/${await rows.run()}/cancel`)).status, 403)
  })
})

/** An admin's cookie; the routes ask for no more rights than that. */
async function browser(): Promise<{ cookie: string; csrf: string }> {
  const answer = await rawRequest(world.url, {
    ...{ method: 'POST', path: '/login' },
    headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ email: 'browser@example.com', password: ADMIN_PASSWORD }).toString(),
  })
  const cookie = `${answer.headers['set-cookie']}`.split(';')[0] ?? ''
  const page = await rawRequest(world.url, { path: '/tests', headers: { cookie } })
  return { cookie, csrf: /name="_csrf" value="([^"]+)"/.exec(page.text)?.[1] ?? '' }
}

describe('a cookie changes nothing', async () => {
  const { cookie, csrf } = await browser()
  const forged = ({ status, body }: Answer) => assert.deepEqual([status, body.code], [403, 'forged'])
  for (const { name, method } of routes.filter(route => route.method !== 'GET')) {
    it(`by ${name} without the CSRF token, or from elsewhere`, async () => {
      const call = await callOf(name)
      forged((await send(world.anyone, name, call, { cookie })).answer)
      forged((await send(world.anyone, name, call, { cookie, 'x-csrf-token': 'x' })).answer)
      const foreign = { cookie, 'x-csrf-token': csrf, origin: 'https://evil.example' }
      forged((await send(world.anyone, name, call, foreign)).answer)
      if (ENDS_SESSION.includes(name) || method === 'GET') return
      const own = { cookie, 'x-csrf-token': csrf, origin: world.url }
      const { answer, usual } = await send(world.anyone, name, call, own)
      assert.equal(answer.status, usual, answer.body.error)
    })
  }
})

describe('outside the base path, for everyone', () => {
  it('the process says that it lives', async () => {
    const answer = await fetch(`${world.url}/health`)
    assert.equal(answer.status, 200)
    assert.deepEqual(await answer.json(), { status: 'ok', service: 'crat' })
  })

  it('and that it can work', async () => {
    const answer = await fetch(`${world.url}/ready`)
    assert.equal(answer.status, 200)
    const { status, service, away } = JSON.parse(await answer.text())
    assert.deepEqual({ status, service, away }, { status: 'ok', service: 'crat', away: [] })
  })
})
