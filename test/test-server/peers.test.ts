import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { type ServerWorld, startServerWorld } from './server-world.ts'

const TESTS = `#!/bin/sh
echo "$PEER_INDEX of $PEER_COUNT: $PEERS; $NETWORK_LATENCY_MS ms" > "$INSTALL_DIR/environment"
[ "$PEER_INDEX" != 1 ] || sleep 1
echo '<testsuite name="s"><testcase name="t"/></testsuite>' > "$JUNIT_DIR/a.xml"
`
const options = { service: { tests: { command: ['./run-tests.sh'] }, peer_timeout: '2s' } }
const worlds = [
  await startServerWorld(options),
  await startServerWorld(options),
  await startServerWorld(options),
]
const peers = worlds.map(({ server }, index) => ({ index, name: `edge-${index}`, url: server.url }))
let runs = 0

async function submit(world: ServerWorld, index: number, fields: object = {}): Promise<string> {
  const package_path = await world.pack({ version: '1', files: { 'run-tests.sh': TESTS } })
  return await world.submit({ package_path, run_id: runs, index, count: peers.length, peers, ...fields })
}

const submitAll = (fields: object = {}) => {
  runs += 1
  return Promise.all(worlds.map((world, index) => submit(world, index, fields)))
}

const untilAllOver = (ids: string[]) =>
  Promise.all(worlds.map((world, index) => world.untilOver(ids[index] ?? '')))

describe('tasks with peers', () => {
  it('wait for each other, know each other and end together', async () => {
    const ids = await submitAll({ network: { latency_ms: 40, loss_percent: 1 } })
    const tasks = await untilAllOver(ids)
    for (const task of tasks) assert.equal(task.status, 'completed', task.error)
    for (const [index, id] of ids.entries())
      assert.match((await worlds[index]?.logOf(id)) ?? '', /3 of 3 peers are ready/)
    assert.ok(Math.abs(Date.parse(tasks[0].end_time) - Date.parse(tasks[1].end_time)) <= 2_000)
    for (const [index, world] of worlds.entries()) {
      const given = await readFile(join(world.installDir, 'environment'), 'utf8')
      assert.equal(given, `${index} of 3: ${JSON.stringify(peers)}; 40 ms\n`)
      const { network } = tasks[index].result.test
      assert.deepEqual(network, {
        ...{ latency_ms: 40, loss_percent: 1, applied: false },
        reason: 'The service names no network_interface',
      })
    }
  })

  it('fail at the deadline by the name of the one that did not come', async () => {
    runs += 1
    const ids = await Promise.all(worlds.slice(0, 2).map((world, index) => submit(world, index)))
    await worlds[0]?.untilStatus(ids[0] ?? '', status => /^running:ready [12]\/3$/.test(status))
    for (const [index, id] of ids.entries()) {
      const task = await worlds[index]?.untilOver(id)
      assert.equal(task.status, 'failed')
      assert.match(
        task.error,
        /Not all peers were ready within 2 s\. Missing: edge-2|The peer edge-\d failed: Not all/,
      )
    }
  })

  it('fail at once, by its name, where one cannot deploy', async () => {
    runs += 1
    const ids = await Promise.all(
      worlds.map((world, index) => submit(world, index, index === 1 ? { package_path: '/nowhere.tgz' } : {})),
    )
    const tasks = await untilAllOver(ids)
    assert.match(tasks[1].error, /\/nowhere\.tgz does not exist/)
    for (const index of [0, 2]) assert.match(tasks[index].error, /The peer edge-1 failed: .*\/nowhere\.tgz/)
  })

  it('are not confused by the same report again, nor by those of an earlier try', async () => {
    const ids = await submitAll()
    const { call } = worlds[0] as ServerWorld
    await worlds[1]?.untilStatus(ids[1] ?? '', status => status === 'running:test')
    const body = JSON.stringify({ task_id: ids[1], state: 'ready' })
    const [first, again] = [await report(body), await report(body)]
    assert.deepEqual(first, again)
    for (const task of await untilAllOver(ids)) assert.equal(task.status, 'completed', task.error)
    // The same run once more, as CRAT does after a failure of the infrastructure.
    const next = await Promise.all(
      worlds.map((world, index) => submit(world, index, { test_path: 'deploy' })),
    )
    for (const task of await untilAllOver(next)) assert.equal(task.status, 'completed', task.error)
    const wrong = await call('PUT', `/api/runs/${runs}/peers/1`, { body: '{"state": "sleepy"}' })
    assert.equal(wrong.status, 422)

    async function report(text: string) {
      return (await call('PUT', `/api/runs/${runs}/peers/1`, { body: text })).body
    }
  })
})
