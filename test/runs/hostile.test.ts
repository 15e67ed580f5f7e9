import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { Visitor, ZHANG_HUA } from '../http/visitor.ts'
import { POLL, taskAnswer } from '../neighbours/test-server.ts'
import { ADMIN_PASSWORD, startWorkingWorld } from '../world/index.ts'
import { mailAbout } from './story.ts'

const world = await startWorkingWorld()
const { anyone, admin, liWei, cds, neighbours } = world
const { testServer, reportServer, packageServer } = neighbours
const visitor = await new Visitor(world.url).logIn(ZHANG_HUA)
const boss = await new Visitor(world.url).logIn('boss@example.com', ADMIN_PASSWORD)

const MARKUP = `<script>alert("x")</script><img src=x onerror='alert(1)'>`
const BIDI = '\u202egnp.exe\u202c a\u200bb\ufeff'
const CRLF = 'a\r\nBcc: all@example.com\r\n\r\n<b>body</b>'
const PROTOTYPE = '"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}'
const HOSTILE = `${MARKUP} ${BIDI} ${CRLF} {{it}} <%= it %> $t(x)`

function staysText(html: string, where: string): void {
  assert.doesNotMatch(html, /<script>alert|<img src=x|<b>body<\/b>|alert\("x"\)/, where)
  assert.equal(Object.hasOwn(Object.prototype, 'polluted'), false)
}

async function readEverywhere(runId: number, item = cds): Promise<void> {
  const pages = [`/runs/${runId}`, `/runs/${runId}/mail`, `/runs/${runId}/mail/body`, `/tests/${item}`]
  for (const path of [...pages, '/', '/runs', '/builds', '/parameter-sets']) {
    const { status, html } = await visitor.open(path)
    assert.equal(status, 200, path)
    staysText(html, path)
  }
  const run = (await liWei.get(`/deploy-test-runs/${runId}`)).body.data
  const mail = await mailAbout(world, run)
  staysText(mail.html ?? '', 'the mail')
  assert.ok(!mail.headers.some(({ key }) => key === 'bcc'), 'no header was smuggled in')
  assert.doesNotMatch(mail.subject ?? '', /[\r\n]/)
}

describe('hostile text stays text', () => {
  it('in what a task answers', async () => {
    await world.buildCore(201)
    testServer.answerNext(POLL, taskAnswer('failed', { error: HOSTILE, [MARKUP]: BIDI }))
    const runId = await world.trigger()
    const run = await liWei.untilFinished(runId)
    assert.ok(run.error_message.includes(MARKUP))
    await readEverywhere(runId)
  })

  it('in what a task answers, unless its nesting has no end: then it is asked again', async () => {
    const deep = `${'{"a":'.repeat(8_000)}1${'}'.repeat(8_000)}`
    const answer = taskAnswer('failed')
    const body = String(answer.body).replace('"error":null', `"error":"broken","more":${deep}`)
    testServer.answerNext(POLL, { ...answer, body })
    const run = await liWei.untilFinished(await world.trigger())
    assert.equal(run.status, 'COMPLETED')
  })

  it('in a report', async () => {
    const escaped = HOSTILE.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/"/g, '&quot;')
    const failure = `<failure message="${escaped}">${escaped}</failure>`
    const report = `<testsuite name="${escaped}"><testcase name="${escaped}">${failure}</testcase></testsuite>`
    reportServer.answerNext('/hostile.xml', {
      status: 200,
      headers: { 'content-type': 'text/xml' },
      body: report,
    })
    const result = { test: { success: true, report_url: `${reportServer.url}/hostile.xml` } }
    testServer.answerNext(POLL, taskAnswer('completed', { result }))
    const runId = await world.trigger()
    const run = await liWei.untilFinished(runId)
    assert.equal(run.summary?.failed, 1, run.error_message)
    await readEverywhere(runId)
  })

  it('in a report URL that is markup, script or has no end', async () => {
    for (const url of [
      'javascript:alert(1)',
      `http://127.0.0.1:9/${MARKUP}`,
      `http://127.0.0.1:9/${'a'.repeat(200_000)}`,
    ]) {
      testServer.answerNext(POLL, taskAnswer('completed', { result: { test: { report_url: url } } }))
      const runId = await world.trigger()
      await liWei.untilFinished(runId)
      const { html } = await visitor.open(`/runs/${runId}`)
      staysText(html, url.slice(0, 80))
      assert.doesNotMatch(html, /href="javascript:/i)
    }
  })

  it('in a listing', async () => {
    const links = `<a href="${MARKUP.replaceAll('"', '&quot;')}.tgz">${MARKUP}</a><a href="__proto__">x</a><a href="sds.tgz">${BIDI}</a>`
    packageServer.answerNext(/^GET \/build/, {
      status: 200,
      headers: { 'content-type': 'text/html' },
      body: links,
    })
    const runId = await world.trigger()
    const run = await liWei.untilFinished(runId)
    assert.equal(run.status, 'FAILED')
    await readEverywhere(runId)
  })

  it('in a build, whose extra fields are kept apart, and in the run of it', async () => {
    const job = `${MARKUP} ${BIDI}`.trim()
    const user = JSON.stringify(`${MARKUP} ${BIDI}`)
    const build = `{"JOB_NAME":${JSON.stringify(job)},"BUILD_NUMBER":1,"PACKAGE_PATH":${JSON.stringify(MARKUP)},"BUILD_USER":${user},${PROTOTYPE}}`
    const { status, body } = await anyone.call('POST', '/builds', build)
    assert.equal(status, 201, body.error)
    assert.equal(body.data.job_name, job)
    staysText((await visitor.open('/builds')).html, '/builds')
    staysText((await visitor.open(`/builds?job_name=${encodeURIComponent(job)}`)).html, 'the job')

    const item = await admin.post('/test-items', {
      ...{ name: `${MARKUP} ${BIDI}`, description: HOSTILE, associated_job_name: job },
    })
    assert.equal(item.status, 201, item.body.error)
    const run = await liWei.post(`/test-items/${item.body.data.id}/deploy-test`)
    assert.equal(run.status, 200, run.body.error)
    await liWei.untilFinished(run.body.data.run_id)
    await readEverywhere(run.body.data.run_id, item.body.data.id)
  })

  it('in names, on pages, in the audit log and in its CSV', async () => {
    const formula = `=cmd|' /C calc'!A1 ${MARKUP} ${BIDI}`
    const parameters = `{"x":${JSON.stringify(HOSTILE)},"=1+1":${JSON.stringify(formula)},${PROTOTYPE}}`
    const set = await admin.call(
      'POST',
      '/parameter-sets',
      `{"name":${JSON.stringify(formula)},"parameters":${parameters}}`,
    )
    const url = 'http://127.0.0.1:9'
    const machine = { name: formula.slice(0, 100), test_server_url: url, labels: ['<b>body</b>'] }
    const environment = await admin.post('/environments', machine)
    const token = await admin.post('/tokens', { name: formula.slice(0, 100), scopes: ['read'] })
    for (const { status, body } of [set, environment, token]) assert.equal(status, 201, body.error)

    for (const path of [
      ...['/parameter-sets', `/parameter-sets/${set.body.data.id}`],
      ...['/environments', `/environments/${environment.body.data.id}`],
      ...['/settings/tokens', '/settings/audit', '/settings/sessions', '/settings/mail'],
    ])
      staysText((await boss.open(path)).html, path)
    const csv = (await boss.open('/settings/audit.csv')).html
    assert.ok(csv.includes(`"'=cmd|`))
    assert.doesNotMatch(csv, /(^|,)"?\s*[=+@-]/m)
    for (const id of [environment.body.data.id]) await admin.delete(`/environments/${id}`)
  })

  it('in e-mail addresses, or they are refused', async () => {
    for (const email of [
      `"${MARKUP}"@example.com`,
      'a@example.com\r\nBcc: all@example.com',
      'a@example.com, all@example.com',
      `a${BIDI}@example.com`,
      'constructor',
      `${'a'.repeat(1_000_000)}@example.com`,
    ]) {
      const { status } = await anyone.post('/auth/login', { email })
      assert.ok([400, 413].includes(status), `${status} ${email.slice(0, 60)}`)
    }
    for (const email of ['__proto__@example.com', "o'neil+constructor@example.com"]) {
      const person = await world.logIn(email)
      const runId = await world.trigger(person)
      const run = await person.untilFinished(runId)
      assert.equal(run.triggered_by, email)
      assert.deepEqual((await mailAbout(world, run)).recipients, [email])
      await readEverywhere(runId)
    }
  })

  it('in the name that an admin goes by', async () => {
    for (const email of [MARKUP, 'a@example.com, all@example.com', '=1+1', `x${BIDI}`]) {
      const { status, body } = await anyone.post('/auth/login', { email, password: ADMIN_PASSWORD })
      assert.ok([200, 400].includes(status), body.error)
      if (status !== 200) continue
      const person = await world.logIn(email, ADMIN_PASSWORD)
      const run = await person.untilFinished(await world.trigger(person))
      for (const path of [`/runs/${run.id}`, '/runs', '/settings/sessions', '/settings/audit'])
        staysText((await boss.open(path)).html, path)
    }
    const { mails } = world.neighbours.mailSink
    assert.ok(!mails.some(({ recipients }) => recipients.includes('all@example.com')))
  })

  it('of a megabyte is refused, quickly', async () => {
    const huge = 'a'.repeat(1_048_576)
    const started = performance.now()
    for (const [client, path, body] of [
      [anyone, '/builds', { JOB_NAME: huge, BUILD_NUMBER: 1, PACKAGE_PATH: 'a' }],
      [admin, '/parameter-sets', { name: huge, parameters: {} }],
      [admin, '/test-items', { name: huge }],
      [anyone, '/auth/login', { email: 'a@example.com', password: huge }],
    ] as const) {
      assert.equal((await client.post(path, body)).status, 413, path)
    }
    assert.ok(performance.now() - started < 4_000)
  })
})
