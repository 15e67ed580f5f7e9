import assert from 'node:assert/strict'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { readTextIfAny } from '../../src/test-server/files/atomic-file.ts'
import { startServerWorld, until } from './server-world.ts'

const TESTS = `#!/bin/sh
for n in 1 2 3 4 5 6; do echo "<testsuite name='s'><testcase name='t$n'/></testsuite>" > "$JUNIT_DIR/$n.xml"; done
echo under way
sleep 1000
`
const slowStop = '#!/bin/sh\nsleep 0.3\nexec "$(dirname "$0")/really-stop.sh"\n'
const world = await startServerWorld({ service: { tests: { command: ['./run-tests.sh'] } } })
const files = { 'run-tests.sh': TESTS, 'slow-start': '0.3' }
const stop = await realStop()
const pack = (version: string) =>
  world.pack({ version, files: { ...files, 'scripts/stop.sh': slowStop, 'scripts/really-stop.sh': stop } })
await world.untilOver(await world.submit({ package_path: await pack('0'), test_path: 'deploy' }))

/** The stop script of the package, under another name. */
async function realStop(): Promise<string> {
  await world.deploy({ version: 'first' })
  return await readFile(join(world.installDir, 'scripts/stop.sh'), 'utf8')
}

const PHASES = ['prepare', 'stop', 'replace', 'start']

/** Resolves when the journal of the deploy says that this phase has begun; a short one may be over by then. */
function untilPhase(id: string, phase: string): Promise<void> {
  const reached = PHASES.slice(PHASES.indexOf(phase))
  return until(async () => {
    const journal = await readTextIfAny(join(world.dataDir, 'deploys', 'cds.json'))
    if (reached.some(each => journal?.includes(`"phase": "${each}"`))) return true
    return (await world.call('GET', `/api/tasks/${id}`)).body.end_time !== null
  })
}

/** Either the old version or the new one, and all of it. */
async function serviceIsWhole(): Promise<string> {
  const version = await world.version()
  assert.ok(version !== null, 'no version runs')
  assert.equal(await readFile(join(world.installDir, 'version'), 'utf8'), version)
  assert.equal((await world.processes()).length, 1, 'something else runs')
  const beside = (await readdir(join(world.folder, 'install'))).filter(name => !name.endsWith('-backups'))
  assert.deepEqual(beside, ['cds'])
  assert.deepEqual(await readdir(join(world.dataDir, 'deploys')), [])
  return version
}

describe('after a kill -9 the service is whole, and the task says what happened:', () => {
  let current = '0'
  for (const [round, phase] of ['replace', 'start'].entries()) {
    it(`in the phase "${phase}" of a deploy (${round + 1})`, async () => {
      const id = await world.submit({ package_path: await pack(`${round + 1}`), test_path: 'deploy' })
      await untilPhase(id, phase)
      await world.server.kill()
      await world.restart()
      const task = await world.untilOver(id)
      const running = await serviceIsWhole()
      if (task.status === 'completed') assert.equal(running, `${round + 1}`)
      else {
        assert.equal(running, current)
        assert.match(task.error, /The test server was killed (while|when|before)/)
      }
      current = running
    })
  }

  it('while it tests: the new version stays, the partial results are kept', async () => {
    const id = await world.submit({ package_path: await pack('tested') })
    await world.untilLog(id, 'under way')
    await world.server.kill()
    await world.restart()
    const task = await world.untilOver(id)
    assert.equal(task.status, 'failed')
    assert.match(task.error, /killed while it tested/)
    assert.equal(task.result.deploy.success, true)
    assert.equal(task.result.test.partial, true)
    const summary = await fetch(`${task.result.test.report_url}summary.json`)
    const { stats } = (await summary.json()) as { stats: Record<string, number> }
    assert.equal(stats.passed, 6)
    assert.equal(await serviceIsWhole(), 'tested')
  })

  it('while tasks wait: they are done in their order, the same key is the same task', async () => {
    const paths = await Promise.all(['a', 'b', 'c'].map(pack))
    const ids: string[] = []
    for (const [index, package_path] of paths.entries())
      ids.push(await world.submit({ package_path, test_path: 'deploy' }, `run-${index}`))
    await untilPhase(ids[0] ?? '', 'stop')
    await world.server.kill()
    await world.restart()
    const again = await world.submit({ package_path: paths[2], test_path: 'deploy' }, 'run-2')
    assert.equal(again, ids[2])
    const tasks = []
    for (const id of ids) tasks.push(await world.untilOver(id))
    assert.deepEqual(
      tasks.map(({ status }) => status),
      ['failed', 'completed', 'completed'],
    )
    assert.ok(tasks[1].end_time <= tasks[2].start_time)
    assert.equal(await serviceIsWhole(), 'c')
  })
})

describe('a stop as systemd does it', () => {
  it('puts back a deploy that is under way, leaves what waits, and does not stop the service', async () => {
    const paths = await Promise.all(['x', 'y'].map(pack))
    const ids = []
    for (const package_path of paths) ids.push(await world.submit({ package_path, test_path: 'deploy' }))
    await untilPhase(ids[0] ?? '', 'start')
    await world.server.stop()
    assert.equal(await world.version(), 'c')
    await world.restart()
    assert.match((await world.untilOver(ids[0] ?? '')).error, /The test server was stopped/)
    assert.equal((await world.untilOver(ids[1] ?? '')).status, 'completed')
    assert.equal(await serviceIsWhole(), 'y')
  })
})
