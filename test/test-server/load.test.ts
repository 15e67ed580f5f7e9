import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { type Shown, startServerWorld, until } from './server-world.ts'

const engine = fileURLToPath(new URL('./engine.mjs', import.meta.url))
const suite = {
  ...{
    kind: 'load',
    locust: engine,
    locustfile: 'load.py',
    thresholds: { p95_ms: 1000, rps: 10 },
    ramp_down: '2s',
  },
  stages: [{ duration: '1s', users: 5, rate: 5 }],
}
const suites = [
  { ...suite, name: 'load' },
  { ...suite, name: 'errors', environment: { ERRORS: '7' } },
  { ...suite, name: 'without engine', locust: '/nowhere/locust' },
]
const world = await startServerWorld({ service: { tests: suites } })
const load = (fields: object = {}) =>
  world.deploy({ version: '1', files: { 'load.py': '' } }, { test_path: 'load', ...fields })

async function testsOf(task: Shown): Promise<string[]> {
  const response = await fetch(`${task.result.test.report_url}widgets/tree.json`)
  const { leavesById } = (await response.json()) as { leavesById: Record<string, Shown> }
  return Object.values(leavesById).map(({ name, status }) => `${name} ${status}`)
}

describe('a load test', () => {
  it('that keeps its thresholds has its figures, its points and a report', async () => {
    const task = await load()
    assert.equal(task.status, 'completed', task.error)
    assert.deepEqual(task.result.test.load, { p95_ms: 812, rps: 40, error_rate: 0, breaches: [] })
    assert.deepEqual((await testsOf(task)).sort(), [
      'GET /news passed',
      'error_rate ≤ 0.01 passed',
      'p95_ms ≤ 1000 passed',
      'rps ≥ 10 passed',
    ])
    const { body } = await world.call('GET', `/api/tasks/${task.task_id}/metrics?offset=0`)
    assert.ok(body.points.length > 5)
    assert.deepEqual(Object.keys(body.points[0]), ['t', 'users_planned', 'users', 'rps', 'p95_ms', 'errors'])
    const rest = await world.call('GET', `/api/tasks/${task.task_id}/metrics?offset=${body.next_offset - 1}`)
    assert.deepEqual(rest.body.points, body.points.slice(-1))
    assert.equal((await world.call('GET', `/api/tasks/${task.task_id}/metrics?offset=10000`)).status, 400)
  })

  it('that breaks some names them, in the result and in the report', async () => {
    const task = await load({ thresholds: { p95_ms: 500, rps: 50 }, test_path: 'errors' })
    assert.deepEqual(task.result.test.load.breaches, [
      'p95_ms 812 > 500',
      'rps 40 < 50',
      'error_rate 0.07 > 0.01',
    ])
    assert.deepEqual((await testsOf(task)).sort(), [
      'GET /news passed',
      'error_rate ≤ 0.01 failed',
      'p95_ms ≤ 500 failed',
      'rps ≥ 50 failed',
    ])
  })

  it('can be given other stages, which are checked', async () => {
    const stages = [{ duration: 0.3, users: 9, rate: 9 }]
    const task = await load({ stages })
    const { body } = await world.call('GET', `/api/tasks/${task.task_id}/metrics`)
    assert.equal(body.points[0].users_planned, 9)
    const wrong = { service_name: 'cds', stages: [{ duration: 'x', users: 1, rate: 0 }] }
    const refused = await world.call('POST', '/api/deploy_and_test', { body: JSON.stringify(wrong) })
    assert.equal(refused.status, 422)
    assert.match(refused.body.error, /stages\.0\.rate/)
  })

  it('shows its points while it goes, and ramps down when it is stopped', async () => {
    const package_path = await world.pack({ version: '1', files: { 'load.py': '' } })
    const id = await world.submit({
      package_path,
      test_path: 'load',
      stages: [{ duration: '1h', users: 5, rate: 1 }],
    })
    await world.untilStatus(id, status => status === 'running:test')
    const points = async () => (await world.call('GET', `/api/tasks/${id}/metrics`)).body.points
    await until(async () => (await points()).length >= 3)
    const { body } = await world.call('POST', `/api/tasks/${id}/cancel`)
    assert.equal((await world.untilOver(id)).status, 'cancelled', body.status)
    assert.match(await world.logOf(id), /engine: ramped down/)
    assert.equal((await points()).at(-1).users, 0)
  })

  it('says what to install where its engine is missing, before anything is deployed', async () => {
    const before = await world.version()
    const task = await world.deploy({ version: '2' }, { test_path: 'without engine' })
    assert.match(task.error, /Load tests need Locust: install it with "pip install locust"/)
    assert.equal(await world.version(), before)
  })
})
