import assert from 'node:assert/strict'
import { mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { startServerWorld } from './server-world.ts'

// Stands for `tc`, which needs rights and a kernel that not every machine has.
const folder = await mkdtemp(join(tmpdir(), 'crat-tc-'))
const calls = join(folder, 'calls')
await writeFile(join(folder, 'tc'), `#!/bin/sh\necho "$@" >> "${calls}"\n`, { mode: 0o755 })
const JUNIT = '<testsuite name="s"><testcase name="t"/></testsuite>'
const command = `cp "${calls}" "$INSTALL_DIR/seen"; echo '${JUNIT}' > "$JUNIT_DIR/a.xml"`
const world = await startServerWorld({
  env: { PATH: `${folder}:${process.env.PATH}` },
  service: { network_interface: 'eth9', tests: { command } },
})
const network = { latency_ms: 50, loss_percent: 2 }
const SET = 'qdisc replace dev eth9 root netem delay 50ms loss 2%\n'
const DELETED = 'qdisc del dev eth9 root\n'

describe('the network parameters of a submission', () => {
  it('are there while the tests run, are taken back and recorded', async () => {
    const task = await world.deploy({ version: '1' }, { test_path: '', network })
    assert.equal(task.status, 'completed', task.error)
    assert.deepEqual(task.result.test.network, { ...network, applied: true })
    assert.equal(await readFile(join(world.installDir, 'seen'), 'utf8'), SET)
    assert.equal(await readFile(calls, 'utf8'), SET + DELETED)
  })

  it('are taken back after a kill -9', async () => {
    await world.configure({ network_interface: 'eth9', tests: { command: 'echo under way; sleep 1000' } })
    await world.server.stop()
    await world.restart()
    await writeFile(calls, '')
    const package_path = await world.pack({ version: '2' })
    const id = await world.submit({ package_path, network })
    await world.untilLog(id, '\nunder way')
    await world.server.kill()
    await world.restart()
    assert.match((await world.untilOver(id)).error, /killed while it tested/)
    assert.equal(await readFile(calls, 'utf8'), SET + DELETED)
  })

  it('are recorded with the reason where they cannot be applied', async () => {
    await writeFile(join(folder, 'tc'), '#!/bin/sh\necho "Operation not permitted" >&2\nexit 2\n', {
      mode: 0o755,
    })
    await world.configure({
      network_interface: 'eth9',
      tests: { command: `echo '${JUNIT}' > "$JUNIT_DIR/a.xml"` },
    })
    await world.server.stop()
    await world.restart()
    const task = await world.deploy({ version: '3' }, { test_path: '', network })
    assert.equal(task.status, 'completed', task.error)
    const expected = { ...network, applied: false, reason: 'tc: Operation not permitted' }
    assert.deepEqual(task.result.test.network, expected)
  })
})
