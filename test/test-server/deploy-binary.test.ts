import assert from 'node:assert/strict'
import { chmod, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { startServerWorld } from './server-world.ts'

const world = await startServerWorld({
  service: {
    ...{ kind: 'binary', keep: ['conf/service.conf'], executables: ['bin/*', 'scripts/*'] },
    ...{ start: ['scripts/start.sh'], stop: ['scripts/stop.sh'] },
  },
})
const read = (name: string) => readFile(join(world.installDir, name), 'utf8')

/** Every file below the install directory but those that a running service makes. */
async function tree(): Promise<Record<string, string>> {
  const names = (await readdir(world.installDir, { recursive: true, withFileTypes: true }))
    .filter(entry => entry.isFile() && entry.name !== 'service.pid')
    .map(entry => join(entry.parentPath, entry.name).slice(world.installDir.length + 1))
    .sort()
  return Object.fromEntries(await Promise.all(names.map(async name => [name, await read(name)])))
}

describe('a service of the kind "binary"', () => {
  it('is installed, with executable bits', async () => {
    const task = await world.deploy({ version: '1.0', files: { 'bin/tool': 'one' } })
    assert.equal(task.status, 'completed', task.error)
    assert.equal((await stat(join(world.installDir, 'bin/tool'))).mode & 0o111, 0o111)
  })

  it('gets the files of the package, keeps its data and its configuration, and its binaries are backed up', async () => {
    await writeFile(join(world.installDir, 'data.db'), 'data')
    await writeFile(join(world.installDir, 'conf/service.conf'), 'changed by an admin\n')
    const task = await world.deploy({ version: '2.0', files: { 'bin/tool': 'two', 'lib/a.so': 'new' } })
    assert.equal(task.status, 'completed', task.error)
    assert.equal(await world.version(), '2.0')
    assert.equal(await read('data.db'), 'data')
    assert.equal(await read('conf/service.conf'), 'changed by an admin\n')
    assert.equal(await read('bin/tool'), 'two')
    const backup = join(world.folder, 'install/.cds-backups', `${task.result.deploy.backup}`)
    assert.equal(await readFile(join(backup, 'bin/tool'), 'utf8'), 'one')
    assert.ok(!(await readdir(backup)).includes('data.db'))
  })

  it('is as it was, file by file, where the new version does not get healthy', async () => {
    const before = await tree()
    const files = { broken: '', 'bin/tool': 'three', 'lib/b/deep.so': 'new', 'bin/service': '#!/bin/sh\n' }
    await world.configure({
      ...{
        kind: 'binary',
        keep: ['conf/service.conf'],
        start: ['scripts/start.sh'],
        stop: ['scripts/stop.sh'],
      },
      health: { url: `http://127.0.0.1:${world.port}/health`, timeout: '1s' },
    })
    await configurationRead()
    const task = await world.deploy({ version: '3.0', files })
    assert.equal(task.status, 'failed')
    assert.match(
      task.error,
      /not healthy after 1 s: .* answered 503\nThe version of before was put back and runs\./,
    )
    assert.deepEqual(await tree(), before)
    assert.ok(!(await readdir(join(world.installDir, 'lib'))).includes('b'))
    assert.equal(await world.version(), '2.0')
  })

  it('does not write through a link of an admin to elsewhere', async () => {
    await symlink('/tmp', join(world.installDir, 'shared'))
    const task = await world.deploy({ version: '4.0', files: { 'shared/file': 'x' } })
    assert.match(task.error, /shared\/file leads out of .*: name it in "keep"/)
    assert.match(task.error, /The version of before was not touched\./)
    assert.equal(await world.version(), '2.0')
  })

  it('says where its command to stop is missing, and touches nothing', async () => {
    const stop = join(world.installDir, 'scripts/stop.sh')
    const text = await read('scripts/stop.sh')
    await writeFile(stop, 'not a program')
    await chmod(stop, 0o644)
    const refused = await world.deploy({ version: '5.0' })
    assert.match(refused.error, /EACCES|permission/i)
    assert.equal(await world.version(), '2.0')
    await writeFile(stop, text)
    await chmod(stop, 0o755)
  })
})

async function configurationRead(): Promise<void> {
  while (!world.server.output().includes('the configuration was read again'))
    await new Promise(resolve => setTimeout(resolve, 20))
}
