import assert from 'node:assert/strict'
import { readFile, writeFile } from 'node:fs/promises'
import { describe, it } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { startServerProcess } from './server-process.ts'
import { type Shown, startServerWorld } from './server-world.ts'

const world = await startServerWorld({
  env: { TEST_SERVER_TOKEN: 'a secret of the test server' },
  more: [{ name: 'other', kind: 'command', deploy: 'sleep 0.2' }],
})
const authorization = 'Bearer a secret of the test server'
const withToken = (method: string, path: string, body?: object) =>
  world.call(method, path, { headers: { authorization }, body: body && JSON.stringify(body) })

async function submit(fields: object): Promise<string> {
  const defaults = {
    service_name: 'cds',
    install_dir: '',
    upgrade_type: 'full',
    test_path: 'deploy',
    base_url: '',
  }
  const body = {
    ...defaults,
    report_keyword: 'CDS',
    package_path: await world.pack({ version: '1' }),
    ...fields,
  }
  return (await withToken('POST', '/api/deploy_and_test', body)).body.task_id
}

async function untilOver(id: string): Promise<Shown> {
  for (;;) {
    const { body } = await withToken('GET', `/api/tasks/${id}?wait=5`)
    if (body.end_time) return body
  }
}

describe('the test server', () => {
  it('answers nobody without the token, but says that it lives', async () => {
    for (const [method, path] of [
      ['GET', '/api/capabilities'],
      ['POST', '/api/deploy_and_test'],
      ['GET', '/api/tasks/x'],
      ['GET', '/metrics'],
      ['PUT', '/api/runs/1/peers/0'],
    ] as const)
      assert.equal((await world.call(method, path)).status, 401, path)
    const wrong = await world.call('GET', '/api/capabilities', { headers: { authorization: 'Bearer wrong' } })
    assert.equal(wrong.status, 401)
    assert.deepEqual(await world.call('GET', '/health'), {
      status: 200,
      body: { status: 'ok', config_problem: null },
    })
    assert.equal((await withToken('GET', '/api/capabilities')).status, 200)
  })

  it('does the tasks of one service one after the other, those of different ones beside each other', async () => {
    const ids = []
    for (let nth = 0; nth < 3; nth += 1) ids.push(await submit({}))
    const other = await submit({ service_name: 'OTHER' })
    const tasks = []
    for (const id of [...ids, other]) tasks.push(await untilOver(id))
    for (const task of tasks) assert.equal(task.status, 'completed', task.error)
    const logs = await Promise.all([...ids, other].map(id => world.logOf(id)))
    assert.ok(logs.every(log => log.endsWith('completed\n')))
    assert.equal((await world.processes('cds/')).length, 1)
    for (const [nth, task] of tasks.slice(1, 3).entries()) assert.ok(tasks[nth].end_time <= task.start_time)
  })

  it('counts for Prometheus', async () => {
    const response = await fetch(`${world.server.url}/metrics`, { headers: { authorization } })
    const text = await response.text()
    assert.match(text, /^test_server_tasks_total\{status="completed"\} 4$/m)
    assert.match(text, /^test_server_tasks_running 0$/m)
  })

  it('reads its configuration again, and keeps the old one where the new one is wrong', async () => {
    const text = await readFile(world.configFile, 'utf8')
    await writeFile(world.configFile, text.replace('name: other', 'name: another'))
    while (!world.server.output().includes('the configuration was read again')) await pause(20)
    assert.equal((await untilOver(await submit({ service_name: 'another' }))).status, 'completed')
    await writeFile(world.configFile, text.replace('kind: command', 'kind: nonsense'))
    const problem = async () => (await world.call('GET', '/health')).body.config_problem
    while ((await problem()) === null) await pause(20)
    assert.match(await problem(), /services\.yaml:\d+:\d+ services\.1\.kind: /)
    assert.equal((await untilOver(await submit({ service_name: 'another' }))).status, 'completed')
  })

  it('does not start with a configuration that is wrong, on a port that is taken, or with a wrong option', async () => {
    await writeFile(world.configFile, 'services: []')
    await assert.rejects(world.restart(), /services\.yaml:1:11 services: /)
    await world.configure()
    const { port } = new URL(world.server.url)
    const args = ['--config', world.configFile, '--data-dir', `${world.dataDir}-2`]
    await assert.rejects(startServerProcess([...args, '--port', port]), /EADDRINUSE/)
    await assert.rejects(
      startServerProcess([...args, '--port', '65536']),
      /--port must be a number from 0 on to 65535/,
    )
    await assert.rejects(startServerProcess(['--nonsense']), /Unknown option/)
  })
})
