import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { promisify } from 'node:util'
import { type Shown, startServerWorld } from './server-world.ts'

/** Writes down what it was given, and fails at its first attempt where the package says so. */
const TESTS = `#!/bin/sh
env | sort > "$INSTALL_DIR/environment"
cat "$FAILED_TESTS" > "$INSTALL_DIR/failed-tests"
curl -s "$SERVICE_URL/version" > "$INSTALL_DIR/reached"
echo "testing $SERVICE_NAME 测试"
flaky=""
if [ -f flaky ] && [ "$TEST_ATTEMPT" -lt "$(cat flaky)" ]; then flaky='<failure message="not yet">stack</failure>'; fi
cat > "$JUNIT_DIR/results.xml" <<XML
<testsuite name="delivery">
  <testcase name="whole" classname="files" time="0.25"/>
  <testcase name="part" classname="files" time="0.5">$flaky</testcase>
  <testcase name="later" classname="files"><skipped message="no network"/></testcase>
</testsuite>
XML
[ -z "$flaky" ]
`

const world = await startServerWorld({ service: { tests: { command: ['./run-tests.sh'] } } })

async function statsOf(task: Shown): Promise<Record<string, number>> {
  const response = await fetch(`${task.result.test.report_url}summary.json`)
  return ((await response.json()) as { stats: Record<string, number> }).stats
}

const givenEnvironment = async () =>
  Object.fromEntries((await readInstalled('environment')).split('\n').map(line => line.split(/=(.*)/)))
const readInstalled = (name: string) => readFile(join(world.installDir, name), 'utf8')

async function test(version: string, files: Record<string, string | null> = {}, fields: object = {}) {
  return await world.deploy(
    { version, files: { 'run-tests.sh': TESTS, ...files } },
    { test_path: '', ...fields },
  )
}

describe('tests of any framework', () => {
  it('reach the service that was deployed, and become an Allure report', async () => {
    const fields = { region: 'north', tags: ['a'], run_id: 7 }
    const task = await test('1.0', {}, fields)
    assert.equal(task.status, 'completed', task.error)
    assert.equal(await readInstalled('reached'), '1.0')
    assert.equal(task.result.test.report_url, `${world.server.url}/cds_1/`)
    assert.deepEqual(await statsOf(task), { total: 3, passed: 2, skipped: 1, new: 3 })
    assert.match(await (await fetch(task.result.test.report_url)).text(), /<title>.*CDS/s)
    assert.match(await world.logOf(task.task_id), /testing cds 测试/)
    const env = await givenEnvironment()
    assert.equal(env.PARAM_REGION, 'north')
    assert.equal(env.PARAM_TAGS, '["a"]')
    assert.equal(env.RUN_ID, '7')
    assert.equal(env.SERVICE_URL, `http://127.0.0.1:${world.port}`)
    assert.ok(!('TEST_SERVER_TOKEN' in env))
  })

  it('that fail are a result: the task is completed, and the report knows the run before', async () => {
    const task = await test('1.1', { flaky: '9' })
    assert.equal(task.status, 'completed', task.error)
    assert.match(task.result.test.report_url, /cds_2\/$/)
    const { failed, passed } = await statsOf(task)
    assert.deepEqual({ failed, passed }, { failed: 1, passed: 1 })
    const tree = await fetch(`${task.result.test.report_url}widgets/tree.json`)
    const { leavesById } = (await tree.json()) as { leavesById: Record<string, Shown> }
    const leaf = Object.values(leavesById).find(({ name }) => name === 'part')
    assert.equal(leaf.transition, 'regressed')
  })

  it('are repeated where they failed, and every attempt is named', async () => {
    const task = await test('1.2', { flaky: '3' }, { test_retries: 3 })
    assert.equal(task.status, 'completed', task.error)
    const { attempts, report_url } = task.result.test
    assert.deepEqual(
      attempts.map(({ name, attempt, status }: Shown) => [name, attempt, status]),
      [
        ['part', 1, 'failed'],
        ['part', 2, 'failed'],
        ['part', 3, 'passed'],
      ],
    )
    assert.equal(await readInstalled('failed-tests'), 'delivery › files › part\n')
    const { total, passed, retries } = await statsOf(task)
    assert.deepEqual({ total, passed, retries }, { total: 3, passed: 2, retries: 1 })
    const tree = await fetch(`${report_url}widgets/tree.json`)
    const { leavesById } = (await tree.json()) as { leavesById: Record<string, Shown> }
    const leaf = Object.values(leavesById).find(({ name }) => name === 'part')
    assert.equal(leaf.id, attempts[0].test)
    assert.equal(leaf.retriesCount, 2)
  })

  it('give their whole report as an archive', async () => {
    const task = await test('1.3')
    const archive = join(world.folder, 'report.tgz')
    const response = await fetch(`${world.server.url}/api/tasks/${task.task_id}/report.tgz`)
    assert.equal(response.headers.get('content-type'), 'application/gzip')
    await writeFile(archive, Buffer.from(await response.arrayBuffer()))
    await mkdir(join(world.folder, 'unpacked'))
    await promisify(execFile)('tar', ['-xzf', archive, '-C', join(world.folder, 'unpacked')])
    assert.match(await readFile(join(world.folder, 'unpacked/cds_4/index.html'), 'utf8'), /CDS/)
  })

  it('are left out where only a deploy is asked for', async () => {
    const task = await test('1.4', {}, { test_path: 'deploy' })
    assert.equal(task.status, 'completed')
    assert.equal(task.result.test.skipped, true)
    assert.equal(task.result.test.report_url, 'None')
    assert.equal((await world.call('GET', `/api/tasks/${task.task_id}/report.tgz`)).status, 404)
  })
})

describe('a command of tests that dies', () => {
  it('without results fails the task with the end of its output', async () => {
    const task = await test('2.0', { 'run-tests.sh': '#!/bin/sh\necho "no licence" >&2\nexit 7\n' })
    assert.equal(task.status, 'failed')
    assert.match(task.error, /left no results and ended with exit status 7.*\n.*no licence/)
    assert.equal(task.result.deploy.success, true)
    assert.equal(task.result.test.report_url, 'None')
    assert.equal(await world.version(), '2.0')
  })

  it('half-way keeps the results that are there, shown as partial', async () => {
    const half = `${TESTS.replace('</testsuite>', '').replace('<testcase name="later"', '<testcase name="cut')}kill -9 $$\n`
    const task = await test('2.1', { 'run-tests.sh': half })
    assert.equal(task.status, 'failed')
    assert.match(task.error, /The tests were killed/)
    assert.equal(task.result.test.partial, true)
    const { passed, broken } = await statsOf(task)
    assert.deepEqual({ passed, broken }, { passed: 2, broken: 1 })
    const summary = await fetch(`${task.result.test.report_url}summary.json`)
    assert.equal(((await summary.json()) as { name: string }).name, 'CDS (partial)')
  })

  it('is not taken for tests that failed where none did', async () => {
    const task = await test('2.2', { 'run-tests.sh': `${TESTS}exit 1\n` })
    assert.match(task.error, /ended with exit status 1, though none of them failed/)
    assert.equal(task.result.test.partial, true)
  })
})
