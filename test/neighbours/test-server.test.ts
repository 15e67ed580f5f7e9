import assert from 'node:assert/strict'
import { readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, afterEach, before, test } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import { makeDemoBuild, makePackage } from './demo-build.ts'
import { type Neighbours, startNeighbours } from './index.ts'
import { json, POLL, SUBMIT, taskAnswer } from './test-server.ts'

let neighbours: Neighbours
let packagePath: string

before(async () => {
  neighbours = await startNeighbours()
  const build = await makeDemoBuild(neighbours.packageServer.root)
  packagePath = join(neighbours.packageServer.root, build.packagePath, build.packageName)
})
afterEach(() => neighbours.testServer.behave())
after(() => neighbours.close())

const submission = (changes: Record<string, unknown> = {}) => ({
  service_name: 'CDS',
  package_path: packagePath,
  install_dir: '',
  upgrade_type: 'full',
  test_path: '',
  base_url: neighbours.reportServer.url,
  report_keyword: 'CDS',
  ...changes,
})

interface Reply {
  status: number
  body: { task_id: string; error?: unknown }
}

interface ShownTask {
  task_id: string
  status: string
  start_time: string | null
  error: unknown
  result: { deploy: object; test: { report_url: string; skipped?: boolean } }
}

const jsonOf = async <T>(response: Response) => (await response.json()) as T

async function statsOf(task: ShownTask): Promise<Record<string, number>> {
  const summary = await fetch(`${task.result.test.report_url}summary.json`)
  return (await jsonOf<{ stats: Record<string, number> }>(summary)).stats
}

async function submit(body: unknown): Promise<Reply> {
  const response = await fetch(`${neighbours.testServer.url}/api/deploy_and_test`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })
  return { status: response.status, body: await jsonOf<Reply['body']>(response) }
}

async function poll(taskId: string) {
  const response = await fetch(`${neighbours.testServer.url}/api/tasks/${taskId}`)
  return { status: response.status, body: await jsonOf<ShownTask>(response) }
}

/** Polls until the task has ended; answers it and the states on the way. */
async function follow(taskId: string) {
  const states = new Set<string>()
  for (;;) {
    const { body } = await poll(taskId)
    states.add(body.status)
    if (['completed', 'failed'].includes(body.status)) return { task: body, states: [...states] }
  }
}

test('A submitted build is deployed, tested and reported by a real Allure report', async () => {
  const { status, body } = await submit(submission())
  assert.equal(status, 202)
  assert.deepEqual(Object.keys(body), ['task_id'])
  const { task, states } = await follow(body.task_id)
  assert.equal(task.error, null)
  assert.ok(states.includes('running:deploy') && states.includes('running:test'), states.join())
  assert.match(task.start_time ?? '', /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/)
  assert.deepEqual(task.result.deploy, { service: 'CDS', upgrade_type: 'full', success: true })
  assert.ok(task.result.test.report_url.startsWith(`${neighbours.reportServer.url}/cds_`))
  assert.deepEqual(await statsOf(task), { total: 28, passed: 27, skipped: 1, new: 28 })
  assert.match(await (await fetch(task.result.test.report_url)).text(), /<title>.*CDS/s)
})

test('Tests that fail end up in the report, the task is completed', async () => {
  const path = join(neighbours.packageServer.root, 'cds-5.4.0_release.tgz')
  await makePackage(path, { version: '5.4.0', brokenTests: 2 })
  const { task } = await follow((await submit(submission({ package_path: path }))).body.task_id)
  assert.equal(task.status, 'completed')
  assert.equal((await statsOf(task)).failed, 2)
})

test('A deploy-only submission tests nothing and reports nothing', async () => {
  const { task, states } = await follow((await submit(submission({ test_path: 'deploy' }))).body.task_id)
  assert.equal(task.status, 'completed')
  assert.ok(!states.includes('running:test'))
  assert.equal(task.result.test.skipped, true)
  assert.equal(task.result.test.report_url, 'None')
})

test('A package that does not exist fails the task', async () => {
  const { task } = await follow((await submit(submission({ package_path: '/nowhere/cds.tgz' }))).body.task_id)
  assert.equal(task.status, 'failed')
  assert.match(String(task.error), /\/nowhere\/cds\.tgz does not exist/)
  assert.equal(task.result, null)
})

test('A package that is no archive fails the task', async () => {
  const path = join(neighbours.packageServer.root, 'cds-broken_release.tgz')
  await writeFile(path, 'this is not gzip')
  const { task } = await follow((await submit(submission({ package_path: path }))).body.task_id)
  assert.equal(task.status, 'failed')
  assert.match(String(task.error), /cannot be unpacked/)
})

test('A test path that leaves the package is refused', async () => {
  const { task } = await follow((await submit(submission({ test_path: '../../../../etc' }))).body.task_id)
  assert.equal(task.status, 'failed')
  assert.match(String(task.error), /test_path .* must be/)
})

test('It leaves nothing behind but reports', async () => {
  const { task } = await follow((await submit(submission())).body.task_id)
  assert.equal(task.status, 'completed')
  const folder = join(neighbours.packageServer.root, '../test-server/tasks', task.task_id)
  while ((await readdir(folder)).includes('work')) await setImmediate()
  assert.deepEqual((await readdir(folder)).sort(), ['log', 'task.json'])
})

test('The picky server refuses a missing field, an eighth field and a field of another type', async () => {
  const { upgrade_type: _, ...missing } = submission()
  for (const body of [missing, submission({ run_id: 7 }), submission({ test_path: null }), []]) {
    const answer = await submit(body)
    assert.equal(answer.status, 422)
    assert.equal(typeof answer.body.error, 'string')
  }
  assert.match(String((await submit(submission({ run_id: 7 }))).body.error), /run_id/)
})

test('What is not JSON is 400, an unknown task and an unknown path are 404', async () => {
  assert.equal((await submit('{"service_name": "CDS",')).status, 400)
  assert.equal((await poll('no-such-task')).status, 404)
  assert.equal((await fetch(`${neighbours.testServer.url}/api/capabilities`)).status, 404)
})

test('A tolerant server ignores further fields; canned reports are quick and real', async () => {
  const tolerant = await startNeighbours({ testServer: { strict: false, canned: true } })
  try {
    const response = await fetch(`${tolerant.testServer.url}/api/deploy_and_test`, {
      method: 'POST',
      body: JSON.stringify(submission({ base_url: '', region: 'north' })),
    })
    const { task_id } = await jsonOf<ShownTask>(response)
    const taskUrl = `${tolerant.testServer.url}/api/tasks/${task_id}`
    let task = await jsonOf<ShownTask>(await fetch(taskUrl))
    while (task.status !== 'completed') task = await jsonOf<ShownTask>(await fetch(taskUrl))
    assert.ok(task.result.test.report_url.startsWith(tolerant.reportServer.url))
    assert.equal((await statsOf(task)).total, 28)
  } finally {
    await tolerant.close()
  }
})

test('A phase lasts as long as it is set to, and closing ends it at once', async () => {
  const slow = await startNeighbours({ testServer: { minPhaseMs: 3_600_000 } })
  const response = await fetch(`${slow.testServer.url}/api/deploy_and_test`, {
    method: 'POST',
    body: JSON.stringify(submission()),
  })
  const { task_id } = await jsonOf<ShownTask>(response)
  const task = await jsonOf<ShownTask>(await fetch(`${slow.testServer.url}/api/tasks/${task_id}`))
  assert.equal(task.status, 'pending')
  assert.equal(task.start_time, null)
  await slow.close()
})

test('It can answer anything else that test servers were seen to answer', async () => {
  const { testServer } = neighbours
  testServer.answerNext(SUBMIT, json({ ok: true }), { status: 302, headers: { location: '/login' } })
  assert.deepEqual((await submit(submission())).body, { ok: true })
  const redirected = await fetch(`${testServer.url}/api/deploy_and_test`, {
    method: 'POST',
    redirect: 'manual',
  })
  assert.equal(redirected.status, 302)

  testServer.answerNext(
    POLL,
    taskAnswer('running:deploy'),
    taskAnswer('failed', { error: { code: 7, reason: 'no disk' } }),
    { status: 500, body: '<html>Internal Server Error</html>' },
    { body: '{"task_id": "task-1", "sta' },
  )
  assert.equal((await poll('task-1')).body.status, 'running:deploy')
  assert.deepEqual((await poll('task-1')).body.error, { code: 7, reason: 'no disk' })
  assert.equal((await fetch(`${testServer.url}/api/tasks/task-1`)).status, 500)
  await assert.rejects(poll('task-1'), SyntaxError)
  assert.equal((await poll('task-1')).status, 404, 'the lost task')
})

test('It remembers what it was sent', async () => {
  const before = neighbours.testServer.requestsTo(SUBMIT).length
  await submit(submission({ service_name: 'Remembered' }))
  const request = await neighbours.testServer.waitForRequest(SUBMIT, before + 1)
  assert.equal(JSON.parse(request.body).service_name, 'Remembered')
  assert.match(request.headers['content-type'] ?? '', /json/)
})
