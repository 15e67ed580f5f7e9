import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { MASK } from '../../src/lib/secrets.ts'
import { Visitor } from '../http/visitor.ts'
import { coreBuild, LI_WEI, startWorld } from '../world/index.ts'

const world = await startWorld({ env: { ROLE: 'web' } })
const { db } = world.crat.ctx
await world.anyone.post('/builds', coreBuild(101))
await world.anyone.post('/builds', coreBuild(102))
const newer = await db.build.findFirstOrThrow({ where: { buildNumber: 102 } })

const click = { job_name: 'CDN/Core', build_id: `${newer.id}` }

/** Somebody on a page whose session ends while they look at it. */
async function whoseSessionEnded(): Promise<Visitor> {
  const browser = await new Visitor(world.url).logIn(LI_WEI)
  await browser.open('/builds?job_name=CDN%2FCore')
  await world.admin.endSessionsOf(LI_WEI)
  return browser
}

describe('a click after the session has ended', () => {
  it('leads to the login, is offered again after it, and then does what it was to do', async () => {
    const before = await world.logIn('wang.fang@example.com')
    const browser = await whoseSessionEnded()
    const login = await browser.submit('/builds/select', click)
    assert.match(login.path, /^\/login\?next=/)
    const offered = await browser.submit('/login', { email: LI_WEI, next: '/builds' })
    assert.match(offered.path, /^\/login\/resume/)
    assert.match(offered.html, /You were about to/)
    assert.match(offered.html, /select a build/)
    assert.match(offered.html, /action="\/builds\/select"/)
    const now = async () => (await before.get('/job-versions/CDN%2FCore')).body.selected_build.build_number
    assert.equal(await now(), 101, 'nothing was done yet')

    const fields = [...offered.html.matchAll(/type="hidden" name="(\w+)" value="([^"]*)"/g)]
    const form = Object.fromEntries(fields.map(([, name = '', value = '']) => [name, value]))
    const done = await browser.submit('/builds/select', { ...form, _csrf: form._csrf ?? '' })
    assert.equal(done.status, 200)
    assert.equal(await now(), 102)
  })

  it('is offered once', async () => {
    const browser = await whoseSessionEnded()
    await browser.submit('/builds/select', click)
    await browser.submit('/login', { email: LI_WEI })
    assert.equal((await browser.open('/login/resume?next=/runs')).path, '/runs')
  })

  it('keeps no secrets and no old token', async () => {
    const browser = await whoseSessionEnded()
    await browser.submit('/settings', { project_name: 'x', mail_password: 'hunter2', _csrf: 'old' })
    const offered = await browser.submit('/login', { email: LI_WEI })
    assert.match(offered.html, /name="project_name" value="x"/)
    assert.doesNotMatch(offered.html, /hunter2|value="old"/)
    assert.match(offered.html, /left out: mail_password\./)
  })
})

describe('secret parameters', () => {
  const form = { name: 'Player', extra: '{"licence": "hunter2", "retries": 3}', secret_parameters: 'licence' }

  async function keptAfter(form: Record<string, string>): Promise<string | undefined> {
    const browser = await whoseSessionEnded()
    await browser.submit('/parameter-sets', form)
    const offered = await browser.submit('/login', { email: LI_WEI })
    return /name="extra" value="([^"]*)"/.exec(offered.html)?.[1]
  }

  it('are not kept, marked, by name or in an address', async () => {
    assert.equal(await keptAfter(form), undefined)
    assert.equal(await keptAfter({ ...form, extra: '{"api_token": "hunter2"}' }), undefined)
    assert.equal(await keptAfter({ ...form, extra: '{"mirror": "ftp://me:hunter2@host"}' }), undefined)
    assert.equal(await keptAfter({ ...form, extra: '{}', p_base_url: 'http://me:hunter2@host' }), undefined)
    assert.equal(await keptAfter({ ...form, extra: '{"licence": hunter2' }), undefined)
  })

  it('are kept as what stands for them, with their names', async () => {
    const browser = await whoseSessionEnded()
    await browser.submit('/parameter-sets', { ...form, extra: `{"licence": "${MASK}"}` })
    const { html } = await browser.submit('/login', { email: LI_WEI })
    assert.match(html, new RegExp(`name="extra" value="[^"]*${MASK}`))
    assert.match(html, /name="secret_parameters" value="licence"/)
  })
})

describe('what another site sends', () => {
  it('is never offered', async () => {
    for (const headers of [{ origin: 'http://evil.example' }, {}, { 'sec-fetch-site': 'same-site' }]) {
      const answer = await fetch(`${world.url}/builds/select`, {
        ...{ method: 'POST', redirect: 'manual', headers, body: new URLSearchParams(click) },
      })
      assert.ok([303, 403].includes(answer.status))
      assert.deepEqual(
        answer.headers.getSetCookie().filter(cookie => /crat_pending/.test(cookie)),
        [],
      )
    }
  })

  it('nor is a cookie that was made up', async () => {
    const browser = await new Visitor(world.url).logIn(LI_WEI)
    const text = Buffer.from('{}').toString('base64url')
    for (const value of [text, `${text}.`, `${text}.${text}`, '.', 'x.y.z']) {
      browser.setCookie('crat_pending', value)
      assert.equal((await browser.open('/login/resume?next=/runs')).path, '/runs')
    }
  })
})

it('nobody is led to another site', async () => {
  for (const next of ['//evil.example', 'https://evil.example', '/\\evil.example']) {
    const page = await new Visitor(world.url).submit('/login', { email: LI_WEI, next })
    assert.equal(page.path, '/tests')
  }
})
