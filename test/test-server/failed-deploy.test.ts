import assert from 'node:assert/strict'
import { rename } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { startServerWorld } from './server-world.ts'

const world = await startServerWorld({ service: { command_timeout: '4s' } })
await world.deploy({ version: '1.0' })

/** Whatever went wrong: the old version runs, and what was started for the new one does not. */
async function oldVersionRuns(): Promise<void> {
  assert.equal(await world.version(), '1.0')
  assert.equal((await world.processes()).length, 1)
}

describe('a deploy that fails', () => {
  it('because there is no command to stop touches nothing', async () => {
    const stop = join(world.installDir, 'scripts/stop.sh')
    await rename(stop, `${stop}.gone`)
    const task = await world.deploy({ version: '2.0' })
    assert.equal(task.status, 'failed')
    assert.match(task.error, /scripts\/stop\.sh is missing in .*\nThe version of before was not touched\./)
    assert.deepEqual(task.result.deploy.rolled_back, true)
    await oldVersionRuns()
    await rename(`${stop}.gone`, stop)
  })

  it('because the package cannot start touches nothing', async () => {
    const task = await world.deploy({ version: '2.0', files: { 'scripts/start.sh': null } })
    assert.match(task.error, /scripts\/start\.sh is missing in/)
    await oldVersionRuns()
  })

  it('because the start fails says which command, and what it wrote', async () => {
    const start = '#!/bin/sh\necho "no licence for $SERVICE_NAME" >&2; exit 3\n'
    const task = await world.deploy({ version: '2.0', files: { 'scripts/start.sh': start } })
    assert.match(task.error, /"scripts\/start\.sh" ended with exit status 3:\nno licence for cds\n/)
    assert.match(task.error, /The version of before was put back and runs\.$/)
    assert.equal(task.result.deploy.success, false)
    assert.equal(task.result.deploy.rolled_back, true)
    await oldVersionRuns()
  })

  it('because the start hangs', async () => {
    const start = '#!/bin/sh\nsetsid sleep 1000 &\nsleep 1000\n'
    const task = await world.deploy({ version: '2.0', files: { 'scripts/start.sh': start } })
    assert.match(task.error, /"scripts\/start\.sh" did not end within 4 s/)
    await oldVersionRuns()
  })

  it('because the new version ends at once, or never gets healthy', async () => {
    const config = { health: { url: `http://127.0.0.1:${world.port}/health`, timeout: '1s' } }
    await world.configure({ ...config, command_timeout: '4s' })
    await world.server.stop()
    await world.restart()
    const broken: Record<string, string>[] = [{ 'service.mjs': 'process.exit(1)' }, { broken: '' }]
    for (const files of broken) {
      const task = await world.deploy({ version: '2.0', files })
      assert.match(
        task.error,
        /It is not healthy after 1 s: .*\nThe version of before was put back and runs\./,
      )
      await oldVersionRuns()
    }
  })

  it('because it was cancelled', async () => {
    const package_path = await world.pack({ version: '2.0', files: { 'slow-start': '100' } })
    const id = await world.submit({ package_path, test_path: 'deploy' })
    await world.untilStatus(id, status => status === 'running:deploy')
    await world.untilLog(id, '$ scripts/start.sh')
    await world.call('POST', `/api/tasks/${id}/cancel`)
    const task = await world.untilOver(id)
    assert.equal(task.status, 'cancelled')
    assert.equal(task.result.deploy.rolled_back, true)
    await oldVersionRuns()
  })

  it('says so where the old version does not run either', async () => {
    const start = '#!/bin/sh\nexit 1\n'
    const health = { command: `test -e ${join(world.folder, 'never')}`, timeout: '300ms' }
    await world.configure({ health })
    await world.server.stop()
    await world.restart()
    const task = await world.deploy({ version: '2.0', files: { 'scripts/start.sh': start } })
    assert.match(task.error, /The version of before was put back, but does not run: It is not healthy/)
    assert.equal(task.result.deploy.rolled_back, false)
  })
})
