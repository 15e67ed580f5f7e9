import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { PAGES } from '../../src/routes.ts'
import { type ApiClient, LI_WEI, startWorld, WANG_FANG } from '../world/index.ts'
import { existingRows } from './existing-rows.ts'

const world = await startWorld({ env: { ROLE: 'web' } })
const rows = existingRows(world)

/** What is not named here is for users. */
const PUBLIC = [
  'GET /',
  'GET /login',
  'POST /login',
  'GET /login/link',
  'POST /login/link',
  'GET /login/oidc/start',
  'GET /login/oidc',
  'POST /logout',
  'POST /preferences',
  'GET /unsubscribe/:token',
  'POST /unsubscribe/:token',
  'GET /kept-reports/:id/:token/*path',
  'GET /badges/:test_item_id.svg',
  'GET /docs',
  'GET /docs/:name',
  'GET /docs/zh-CN',
  'GET /docs/zh-CN/:name',
  'GET /docs/files/*path',
]
const ADMIN = [
  'POST /tests',
  'POST /tests/:id',
  'POST /tests/:id/mail',
  'POST /tests/:id/delete',
  'POST /tests/:id/clear-history',
  'POST /runs/queue',
  'POST /runs/:id/move',
  'POST /builds/prune',
  'POST /builds/delete',
  'POST /builds/jobs',
  'POST /builds/jobs/delete',
  'POST /parameter-sets',
  'GET /parameter-sets/new',
  'POST /parameter-sets/:id',
  'POST /parameter-sets/:id/delete',
  'POST /environments',
  'POST /environments/:id',
  'POST /environments/:id/state',
  'POST /environments/:id/check',
  'POST /environments/:id/delete',
  ...['package-server', 'test-server', 'mail', 'item', 'check', 'dismiss'].map(step => `POST /setup/${step}`),
  'POST /settings',
  'POST /settings/check',
  'GET /settings/mail',
  'POST /settings/mail/test',
  'POST /settings/mail/check',
  'GET /settings/mail/:id',
  'GET /settings/mail/:id/body',
  'POST /settings/mail/:id/resend',
  'GET /settings/sessions',
  'POST /settings/sessions/:id/end',
  'GET /settings/channels',
  'POST /settings/channels',
  'GET /settings/channels/:id',
  'POST /settings/channels/:id',
  'POST /settings/channels/:id/test',
  'POST /settings/channels/:id/delete',
  'GET /settings/tokens',
  ...['GET /settings/alerts', 'POST /settings/alerts', 'GET /settings/alerts/:id'],
  ...['POST /settings/alerts/:id', 'POST /settings/alerts/:id/delete'],
  'POST /settings/tokens',
  'POST /settings/tokens/:id/delete',
  'GET /settings/doctor',
  'GET /settings/storage',
  'GET /settings/audit',
  'GET /settings/audit.csv',
  'GET /settings/audit/:id.txt',
]
/** The run is li.wei's. */
const OWN_ONLY = { 'POST /runs/:id/cancel': ['li.wei', 'admin'] } as Record<string, Caller[]>
/** These end the caller's session. */
const ENDS_SESSION = ['POST /logout']
/** Nothing answers there, which is what the page says. */
const ASKS_A_SERVER = [
  'POST /environments/:id/check',
  'POST /settings/channels/:id/test',
  'POST /settings/mail/check',
]

interface Call {
  path?: string
  fields?: Record<string, string>
  /** What it answers to those who may; where nothing is said, 200 to GET and 303 to POST. */
  status?: number
}

const at = (path: (id: number) => string, row: () => Promise<number>, fields = {}) => {
  return async (): Promise<Call> => ({ path: path(await row()), fields })
}
const { item, run, parameterSet, environment } = rows
const unsubscribe = new URL(world.crat.ctx.unsubscribeLinks.urlOf('watch:1')).pathname
const tokenId = async () => (await rows.token()).id

const CALLS: Record<string, () => Promise<Call>> = {
  'GET /': async () => ({ status: 302 }),
  'POST /login': async () => ({ fields: { email: 'new@example.com' } }),
  'POST /login/link': async () => ({ fields: { token: 'none' }, status: 401 }),
  'GET /login/oidc/start': async () => ({ status: 404 }),
  'GET /login/oidc': async () => ({ status: 401 }),
  'GET /login/resume': async () => ({ status: 303 }),
  'POST /preferences': async () => ({ fields: { theme: 'dark' } }),

  'POST /tests': async () => ({ fields: { name: rows.unique('new') } }),
  'GET /tests/:id': at(id => `/tests/${id}`, item),
  'POST /tests/:id': async () => ({
    path: `/tests/${await item()}`,
    fields: { name: rows.unique('other') },
  }),
  'GET /script-bundles/:name': async () => ({ path: '/script-bundles/none', status: 404 }),
  'GET /script-bundles/:name/:version/changes.txt': async () => ({
    path: '/script-bundles/none/1/changes.txt',
    status: 404,
  }),
  'GET /parameter-sets/:id/versions/:version.txt': at(
    id => `/parameter-sets/${id}/versions/1.txt`,
    parameterSet,
  ),
  'GET /settings/audit/:id.txt': at(
    id => `/settings/audit/${id}.txt`,
    async () => (await world.crat.ctx.db.auditEntry.findFirstOrThrow()).id,
  ),
  'GET /tests/:id/trigger': at(id => `/tests/${id}/trigger`, item),
  'POST /tests/:id/pin': at(id => `/tests/${id}/pin`, item, { pinned: 'on' }),
  'POST /tests/:id/trigger': at(id => `/tests/${id}/trigger`, item),
  'POST /tests/:id/watch': at(id => `/tests/${id}/watch`, item, { watched: 'on' }),
  'POST /runs/:id/watch': at(id => `/runs/${id}/watch`, run, { watched: 'on' }),
  'GET /unsubscribe/:token': async () => ({ path: unsubscribe }),
  'POST /unsubscribe/:token': async () => ({ path: unsubscribe, status: 200 }),
  'GET /tests/:id/results': at(id => `/tests/${id}/results`, item),
  'GET /tests/:id/results/test': async () => ({
    path: `/tests/${await item()}/results/test?key=none`,
    status: 404,
  }),
  'POST /tests/:id/upload': at(id => `/tests/${id}/upload`, item),
  'GET /docs/:name': async () => ({ path: '/docs/install' }),
  'GET /docs/zh-CN/:name': async () => ({ path: '/docs/zh-CN/install' }),
  'GET /docs/files/*path': async () => ({ path: '/docs/files/scripts/crat' }),
  'GET /badges/:test_item_id.svg': async () => ({ path: '/badges/1.svg', status: 404 }),
  'GET /runs/:id/compare': at(id => `/runs/${id}/compare`, run),
  'GET /runs/:id/report': async () => ({ path: `/runs/${await run()}/report`, status: 404 }),
  'GET /kept-reports/:id/:token/*path': async () => ({ path: '/kept-reports/1/none/x', status: 302 }),
  'POST /tests/:id/mail': at(id => `/tests/${id}/mail`, item),
  'POST /tests/:id/delete': at(id => `/tests/${id}/delete`, item),
  'POST /tests/:id/clear-history': at(id => `/tests/${id}/clear-history`, item),

  'POST /runs/queue': async () => ({ fields: { paused: 'false' } }),
  'GET /runs/:id': at(id => `/runs/${id}`, run),
  'POST /runs/:id/move': at(id => `/runs/${id}/move`, run),
  'POST /runs/:id/cancel': at(id => `/runs/${id}/cancel`, run),
  'POST /runs/:id/retry': at(id => `/runs/${id}/retry`, rows.finishedRun),
  'GET /runs/:id/failures/:position.txt': async () => ({
    path: `/runs/${await run()}/failures/0.txt`,
    status: 404,
  }),
  'GET /runs/:id/log.txt': at(id => `/runs/${id}/log.txt`, run),
  'GET /runs/:id/mail': at(id => `/runs/${id}/mail`, runWithMail),
  'GET /runs/:id/mail/body': at(id => `/runs/${id}/mail/body`, runWithMail),

  'GET /builds/:id/test': at(
    id => `/builds/${id}/test`,
    async () => (await rows.build()).id,
  ),
  'POST /builds/select': async () => ({ fields: await build() }),
  'POST /builds/sync': async () => ({ fields: await build() }),
  'POST /builds/auto-sync': async () => ({ fields: await build() }),
  'POST /builds/prune': async () => {
    const fields = await build()
    await item(fields.job_name)
    return { fields }
  },
  'POST /builds/delete': async () => ({ fields: await build() }),
  'POST /builds/jobs': async () => ({ fields: { job_name: rows.unique('added') } }),
  'POST /builds/jobs/delete': async () => ({ fields: await build() }),

  'POST /parameter-sets': async () => ({ fields: { name: rows.unique('new') } }),
  'GET /parameter-sets/:id': at(id => `/parameter-sets/${id}`, parameterSet),
  'POST /parameter-sets/:id': async () => ({
    path: `/parameter-sets/${await parameterSet()}`,
    fields: { name: rows.unique('other') },
  }),
  'POST /parameter-sets/:id/delete': at(id => `/parameter-sets/${id}/delete`, parameterSet),

  'POST /environments': async () => ({ fields: machine() }),
  'GET /environments/:id': at(id => `/environments/${id}`, environment),
  'POST /environments/:id': async () => ({ path: `/environments/${await environment()}`, fields: machine() }),
  'POST /environments/:id/state': at(id => `/environments/${id}/state`, environment, { state: 'paused' }),
  'POST /environments/:id/check': at(id => `/environments/${id}/check`, environment),
  'POST /environments/:id/delete': at(id => `/environments/${id}/delete`, environment),

  'POST /setup/package-server': async () => ({ fields: { package_download_base_url: 'http://127.0.0.1:1' } }),
  'POST /setup/test-server': async () => ({ fields: { external_test_server_url: 'http://127.0.0.1:1' } }),
  // There is no mail server.
  'POST /setup/mail': async () => ({ fields: { email: LI_WEI }, status: 502 }),
  'POST /setup/item': async () => ({
    fields: { name: rows.unique('new'), associated_job_name: (await rows.build()).job },
  }),
  'POST /setup/dismiss': async () => ({ fields: { dismissed: 'on' } }),

  'POST /settings': async () => ({ fields: { project_name: 'CRAT' } }),
  'POST /settings/check': async () => ({
    fields: { check: 'package_download_base_url', package_download_base_url: 'http://127.0.0.1:9' },
    status: 200,
  }),
  'POST /settings/mail/test': async () => ({ fields: { email: LI_WEI } }),
  'GET /settings/mail/:id': at(id => `/settings/mail/${id}`, rows.mail),
  'GET /settings/mail/:id/body': at(id => `/settings/mail/${id}/body`, rows.mail),
  'POST /settings/mail/:id/resend': at(id => `/settings/mail/${id}/resend`, rows.mail),
  'POST /settings/sessions/:id/end': at(id => `/settings/sessions/${id}/end`, rows.session),
  'POST /settings/channels': async () => ({ fields: rows.webhook() }),
  'GET /settings/channels/:id': at(id => `/settings/channels/${id}`, rows.channel),
  'POST /settings/channels/:id': async () => ({
    path: `/settings/channels/${await rows.channel()}`,
    fields: rows.webhook(),
  }),
  'POST /settings/channels/:id/test': at(id => `/settings/channels/${id}/test`, rows.channel),
  'POST /settings/channels/:id/delete': at(id => `/settings/channels/${id}/delete`, rows.channel),
  'POST /settings/alerts': async () => ({ fields: typedRule() }),
  'GET /settings/alerts/:id': at(id => `/settings/alerts/${id}`, rows.alert),
  'POST /settings/alerts/:id': async () => ({
    path: `/settings/alerts/${await rows.alert()}`,
    fields: typedRule(),
  }),
  'POST /settings/alerts/:id/delete': at(id => `/settings/alerts/${id}/delete`, rows.alert),
  'POST /settings/tokens': async () => ({
    fields: { name: rows.unique('new'), scope_read: 'on' },
    status: 201,
  }),
  'POST /settings/tokens/:id/delete': at(id => `/settings/tokens/${id}/delete`, tokenId),
}

const typedRule = () => ({ name: rows.unique('rule'), kind: 'pass_rate', threshold: '90', language: 'en' })

async function build(): Promise<{ job_name: string; build_id: string }> {
  const { job, id } = await rows.build()
  return { job_name: job, build_id: `${id}` }
}

function machine() {
  return { name: rows.unique('rack'), test_server_url: 'http://127.0.0.1:1' }
}

async function runWithMail(): Promise<number> {
  const id = await run()
  await rows.mail(id)
  return id
}

/** How a caller is known: by a session's cookie, with the CSRF token of its pages, or by an API token. */
type Headers = Record<string, string>
const cookieOf = (client: ApiClient) => ({ cookie: `crat_session=${client.token}` })

async function browserOf(client: ApiClient): Promise<Headers> {
  const cookie = cookieOf(client)
  const html = await (await fetch(`${world.url}/tests`, { headers: cookie })).text()
  const csrf = /name="_csrf" value="([^"]+)"/.exec(html)?.[1] ?? ''
  assert.ok(csrf)
  return { ...cookie, 'x-csrf-token': csrf }
}

async function endedSession(): Promise<Headers> {
  const client = await world.logIn('gone@example.com')
  const headers = await browserOf(client)
  await client.post('/auth/logout')
  return headers
}

async function bearer(scope: string, deleted = false): Promise<Headers> {
  const { id, token } = await rows.token([scope])
  if (deleted) await world.admin.delete(`/tokens/${id}`)
  return { authorization: `Bearer ${token}` }
}

const CALLERS = {
  nobody: {},
  stranger: { cookie: 'crat_session=made-up', 'x-csrf-token': 'made up' },
  'ended session': await endedSession(),
  'deleted token': await bearer('admin', true),
  'li.wei': await browserOf(world.liWei),
  'wang.fang': await browserOf(await world.logIn(WANG_FANG)),
  admin: await browserOf(world.admin),
  'token read': await bearer('read'),
  'token trigger': await bearer('trigger'),
  'token webhook': await bearer('webhook'),
  'token admin': await bearer('admin'),
} satisfies Record<string, Headers>
type Caller = keyof typeof CALLERS
const NOBODY: Caller[] = ['nobody', 'stranger', 'ended session', 'deleted token']
const USERS: Caller[] = ['li.wei', 'wang.fang', 'admin']

function mayOpen(name: string): Caller[] {
  if (PUBLIC.includes(name)) return [...NOBODY, ...USERS]
  if (ADMIN.includes(name)) return ['admin']
  return OWN_ONLY[name] ?? USERS
}

interface Answer {
  status: number
  location: string
  failure: string
}

async function send(name: string, { path, fields }: Call, headers: Headers): Promise<Answer> {
  const [method = '', pattern = ''] = name.split(' ')
  const url = path ?? pattern
  assert.ok(!/[:*]/.test(url), `no call for ${name}`)
  const form = method === 'POST' && { body: new URLSearchParams(fields) }
  const answer = await fetch(world.url + url, { method, redirect: 'manual', headers, ...form })
  await answer.body?.cancel()
  const flash = /flash=([\w-]+)/.exec(answer.headers.getSetCookie().join())?.[1] ?? ''
  const message = Buffer.from(flash, 'base64url').toString()
  const failure = message.includes('"failed"') ? message : ''
  assert.equal(answer.headers.get('cache-control'), 'no-store')
  return { status: answer.status, location: answer.headers.get('location') ?? '', failure }
}

const routes = PAGES.map(([method, path]) => ({ name: `${method} ${path}`, method }))
const callOf = async (name: string): Promise<Call> => (await CALLS[name]?.()) ?? {}
const usual = (method: string) => (method === 'GET' ? 200 : 303)

describe('who may open what', () => {
  for (const { name, method } of routes) {
    it(name, async () => {
      const allowed = mayOpen(name)
      // Those who may not leave the row as it is.
      const shared = await callOf(name)
      for (const [caller, headers] of Object.entries(CALLERS) as [Caller, Headers][]) {
        if (ENDS_SESSION.includes(name) && USERS.includes(caller)) continue
        const may = allowed.includes(caller)
        const call = may && method === 'POST' ? await callOf(name) : shared
        const answer = await send(name, call, headers)
        const where = `${caller}: ${answer.status} ${answer.location}`
        if (may) {
          const status = name === 'GET /login' && USERS.includes(caller) ? 303 : call.status
          assert.equal(answer.status, status ?? usual(method), where)
          assert.ok(!isFailure(name, answer), `${where} ${answer.failure}`)
        } else if (name === 'GET /live' && NOBODY.includes(caller)) assert.equal(answer.status, 401, where)
        else if (NOBODY.includes(caller)) assert.match(answer.location, /^\/login/, where)
        else assert.equal(answer.status, 403, where)
      }
    })
  }

  it('every page is there', () => {
    const names = new Set(routes.map(({ name }) => name))
    for (const name of [...PUBLIC, ...ADMIN, ...Object.keys(OWN_ONLY), ...Object.keys(CALLS)])
      assert.ok(names.has(name), name)
  })
})

/** A form without a file is no upload. */
function isFailure(name: string, { failure }: Answer): boolean {
  return failure !== '' && !ASKS_A_SERVER.includes(name) && name !== 'POST /tests/:id/upload'
}

describe('a form does nothing', async () => {
  const { cookie = '', 'x-csrf-token': csrf = '' } = await browserOf(world.admin)
  const others = CALLERS['li.wei']['x-csrf-token'] ?? ''
  const own = { cookie, 'x-csrf-token': csrf }
  const forgeries: Record<string, Headers> = {
    'without the CSRF token': { cookie },
    'with one that is made up': { cookie, 'x-csrf-token': 'x' },
    "with another session's": { cookie, 'x-csrf-token': others },
    'from another site': { ...own, origin: 'https://evil.example' },
    'from no site': { ...own, origin: 'null' },
    'with a foreign Referer alone': { ...own, referer: 'https://evil.example/tests' },
    'that a browser says is from elsewhere': { ...own, 'sec-fetch-site': 'cross-site' },
  }
  for (const { name } of routes.filter(({ method }) => method === 'POST')) {
    it(`at ${name} that is forged`, async () => {
      const call = await callOf(name)
      for (const [how, headers] of Object.entries(forgeries)) {
        assert.equal((await send(name, call, headers)).status, 403, how)
      }
      const foreign = { origin: 'https://evil.example' }
      assert.equal((await send(name, call, foreign)).status, 403, 'nor without a session, from another site')
      if (ENDS_SESSION.includes(name)) return
      const answer = await send(name, call, { ...own, origin: world.url })
      assert.equal(answer.status, call.status ?? 303, 'as it should be')
      assert.ok(!isFailure(name, answer), answer.failure)
    })
  }
})
