import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { promisify } from 'node:util'
import { startPackageServer } from '../neighbours/package-server.ts'
import { startServerWorld } from './server-world.ts'

const script = (word: string) => `#!/bin/sh
echo "${word}" > "$INSTALL_DIR/ran"
echo '<testsuite name="s"><testcase name="t"/></testsuite>' > "$JUNIT_DIR/a.xml"
`
const world = await startServerWorld({
  service: { tests: { command: ['./run-tests.sh'], directory: 'tests' } },
})
const packageServer = await startPackageServer(world.folder)
after(() => packageServer.close())

const folder = join(world.folder, 'bundle/tests')
await mkdir(folder, { recursive: true })
await writeFile(join(folder, 'run-tests.sh'), script('bundle'), { mode: 0o755 })
const file = join(world.folder, 'bundle.tgz')
await promisify(execFile)('tar', ['-czf', file, '-C', join(world.folder, 'bundle'), '.'])
const sha256 = createHash('sha256')
  .update(await readFile(file))
  .digest('hex')
const scripts_url = `${packageServer.url}/bundle.tgz`

const test = (fields: object = {}) =>
  world.deploy(
    { version: '1', files: { 'tests/run-tests.sh': script('package') } },
    { test_path: '', ...fields },
  )
const ran = async () => (await readFile(join(world.installDir, 'ran'), 'utf8')).trim()

describe('a bundle of test scripts', () => {
  it('is used instead of the scripts in the package, and its hash is answered', async () => {
    const own = await test()
    assert.equal(await ran(), 'package')
    assert.ok(!('scripts_sha256' in own.result.test))
    const task = await test({ scripts_url, scripts_sha256: sha256 })
    assert.equal(task.status, 'completed', task.error)
    assert.equal(await ran(), 'bundle')
    assert.equal(task.result.test.scripts_sha256, sha256)
  })

  it('is not used where it is another one, or cannot be had', async () => {
    const other = await test({ scripts_url, scripts_sha256: 'a'.repeat(64) })
    assert.match(other.error, /scripts_url .* gave a file with SHA-256 .*, not aaa/)
    const gone = await test({ scripts_url: `${scripts_url}.gone`, scripts_sha256: sha256 })
    assert.match(gone.error, /scripts_url .* answered 404/)
    assert.equal(gone.result.deploy.success, true)
  })
})
