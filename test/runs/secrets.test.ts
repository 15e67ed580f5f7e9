import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { json, POLL, SUBMIT, taskAnswer } from '../neighbours/test-server.ts'
import { startWorkingWorld } from '../world/index.ts'

const world = await startWorkingWorld()
const { admin, liWei, neighbours, crat } = world
const { testServer, packageServer } = neighbours
await world.buildCore(101)

const SECRETS = ['hunter2-of-db', 'by-hand-9', 'url-pass-7', 'packages-pass', 'server-token-5']
const noSecretIn = (value: unknown, where: string) => {
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  for (const secret of SECRETS) assert.ok(!text.includes(secret), `${secret} in ${where}`)
}

async function pageText(path: string): Promise<string> {
  const response = await fetch(`${world.url}${path}`, { headers: { cookie: `crat_session=${admin.token}` } })
  assert.equal(response.status, 200, path)
  return response.text()
}

const parameters = {
  db_password: SECRETS[0],
  note: SECRETS[1],
  base_url: `http://li:${SECRETS[2]}@10.8.24.59/`,
  install_dir: '/opt/cds',
}
const created = await admin.post('/parameter-sets', {
  ...{ name: 'secret', parameters, secret_parameters: ['note'] },
})
const { id } = created.body.data

describe('secret parameters', () => {
  it('are answered masked, with their names', async () => {
    assert.equal(created.status, 201, created.body.error)
    assert.deepEqual(created.body.data.parameters, {
      ...{ db_password: '••••••', note: '••••••', base_url: 'http://••••••@10.8.24.59/' },
      install_dir: '/opt/cds',
    })
    assert.deepEqual(created.body.data.secret_parameters, ['db_password', 'note'])
    noSecretIn((await liWei.get('/parameter-sets')).body, 'list')
  })

  it('are kept where the masks are written back, and that is no new version', async () => {
    const { data } = (await admin.get(`/parameter-sets/${id}`)).body
    const back = await admin.put(`/parameter-sets/${id}`, { parameters: data.parameters })
    assert.deepEqual([back.status, back.body.data.version], [200, 1])
    const changed = await admin.put(`/parameter-sets/${id}`, {
      parameters: { ...data.parameters, install_dir: '/opt/b' },
    })
    assert.deepEqual([changed.body.data.version, changed.body.data.secret_parameters.length], [2, 2])
    const bad = await admin.put(`/parameter-sets/${id}`, { parameters: { other: '••••••' } })
    assert.deepEqual([bad.status, bad.body.details[0].path], [400, 'parameters.other'])
  })

  it('are sent to the test server, and shown nowhere, though it repeats them', async () => {
    const echo = SECRETS.map(secret => `<${secret}>`).join(' ')
    testServer.answerNext(SUBMIT, json({ task_id: 'task-1', echo, nested: { list: [echo] } }))
    testServer.answerNext(POLL, taskAnswer('failed', { error: `cannot log in with ${echo}` }))
    const [environment] = (await admin.get('/environments')).body.data
    await admin.put(`/environments/${environment.id}`, { token: SECRETS[4] })
    await admin.put('/settings', {
      package_download_base_url: packageServer.url.replace('://', `://build:${SECRETS[3]}@`),
    })
    const run = await liWei.untilFinished(await world.trigger(liWei, { parameter_set_id: id }))
    assert.match(run.error_message ?? '', /cannot log in with <••••••>/)
    const request = testServer.requestsTo(SUBMIT).at(-1)
    assert.equal(request?.headers.authorization, `Bearer ${SECRETS[4]}`)
    const sent = JSON.parse(request?.body ?? '')
    assert.equal(sent.db_password, SECRETS[0])
    assert.equal(sent.note, SECRETS[1])
    assert.equal(sent.base_url, parameters.base_url)

    noSecretIn(run, 'run')
    noSecretIn((await liWei.get(`/parameter-sets/${id}/versions`)).body, 'versions')
    noSecretIn((await liWei.get('/settings')).body, 'settings')
    await liWei.untilRun(run.id, ({ steps }) => steps.at(-1)?.name === 'notify')
    const { db } = crat.ctx
    noSecretIn(await db.notification.findMany({ select: { html: true, text: true, subject: true } }), 'mails')
    for (const page of [
      `/runs/${run.id}`,
      `/parameter-sets/${id}`,
      '/parameter-sets',
      '/settings',
      '/settings/audit',
      '/environments',
      `/environments/${environment.id}`,
    ]) {
      noSecretIn(await pageText(page), page)
    }
  })

  it('are nowhere in the database as text', async () => {
    const tables = await crat.ctx.db.$queryRaw<{ name: string }[]>`
      SELECT table_name AS name FROM information_schema.tables
      WHERE table_schema = 'public' AND table_type = 'BASE TABLE'`
    assert.ok(tables.length > 10)
    for (const { name } of tables) {
      const rows = await crat.ctx.db.$queryRawUnsafe<{ row: string }[]>(
        `SELECT t::text AS row FROM public."${name}" t`,
      )
      noSecretIn(rows, name)
    }
  })

  it('that are marked later are sealed in earlier versions, too', async () => {
    const { body } = await admin.post('/parameter-sets', { name: 'later', parameters: { pin: 'by-hand-9' } })
    const marked = await admin.put(`/parameter-sets/${body.data.id}`, { secret_parameters: ['pin'] })
    assert.deepEqual(marked.body.data.parameters, { pin: '••••••' })
    noSecretIn((await liWei.get(`/parameter-sets/${body.data.id}/versions`)).body, 'versions')
  })

  it('are retried as they were', async () => {
    const { data } = (await liWei.get('/deploy-test-runs?limit=1')).body
    const retry = await liWei.post(`/deploy-test-runs/${data[0].id}/retry`)
    await liWei.untilFinished(retry.body.data.run_id ?? retry.body.data.id)
    assert.equal(JSON.parse(testServer.requestsTo(SUBMIT).at(-1)?.body ?? '').db_password, SECRETS[0])
  })

  it('that are common words change nothing of what the run goes on with', async () => {
    const { body } = await admin.post('/parameter-sets', {
      ...{ name: 'words', parameters: { db_password: 'pass', admin_token: 'test', api_key: 'down' } },
    })
    testServer.answerNext(SUBMIT, json({ task_id: 'test-pass-down' }))
    testServer.answerNext(POLL, taskAnswer('completed', { result: { test: { report_url: 'None' } } }))
    const run = await liWei.untilFinished(await world.trigger(liWei, { parameter_set_id: body.data.id }))
    assert.equal(run.status, 'COMPLETED', run.error_message)
    assert.equal(run.task_id, 'test-pass-down')
  })
})
