import assert from 'node:assert/strict'
import { readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { startServerWorld } from './server-world.ts'

const world = await startServerWorld({ service: { keep_backups: 2 } })
const read = (name: string) => readFile(join(world.installDir, name), 'utf8')

describe('a service of the kind "directory"', () => {
  it('is installed where nothing was', async () => {
    const task = await world.deploy({ version: '1.0' })
    assert.equal(task.status, 'completed', task.error)
    assert.deepEqual(task.result.deploy, { service: 'CDS', upgrade_type: 'full', success: true })
    assert.equal(await world.version(), '1.0')
    assert.equal((await stat(join(world.installDir, 'scripts/start.sh'))).mode & 0o111, 0o111)
  })

  it('is replaced as a whole, but for its configuration', async () => {
    await writeFile(join(world.installDir, 'conf/service.conf'), 'changed by an admin\n')
    await writeFile(join(world.installDir, 'left over'), '')
    const task = await world.deploy({ version: '2.0', files: { 'conf/new.conf': 'new' } })
    assert.equal(task.status, 'completed', task.error)
    assert.equal(task.result.deploy.backup, 1)
    assert.equal(await world.version(), '2.0')
    assert.equal(await read('conf/service.conf'), 'changed by an admin\n')
    assert.equal(await read('conf/new.conf'), 'new')
    assert.ok(!(await readdir(world.installDir)).includes('left over'))
    assert.equal(await readFile(join(world.folder, 'install/.cds-backups/1/version'), 'utf8'), '1.0')
  })

  it('keeps what the package does not bring where it is an update', async () => {
    await writeFile(join(world.installDir, 'data'), 'kept')
    const task = await world.deploy({ version: '3.0' }, { upgrade_type: 'update' })
    assert.equal(task.status, 'completed', task.error)
    assert.equal(await world.version(), '3.0')
    assert.equal(await read('data'), 'kept')
  })

  it('keeps its newest backups by number, and nothing else beside it', async () => {
    await world.deploy({ version: '4.0' })
    assert.deepEqual(await readdir(join(world.folder, 'install/.cds-backups')), ['2', '3'])
    assert.deepEqual((await readdir(join(world.folder, 'install'))).sort(), ['.cds-backups', 'cds'])
  })

  it('is known by its aliases, whatever the case', async () => {
    const task = await world.deploy({ version: '5.0' }, { service_name: 'CONTENT delivery' })
    assert.equal(task.status, 'completed', task.error)
    assert.equal(await world.version(), '5.0')
  })

  it('is not deployed elsewhere, nor under a name that nobody knows', async () => {
    const elsewhere = await world.deploy({ version: '6.0' }, { install_dir: '/etc' })
    assert.match(elsewhere.error, /install_dir \/etc is not where cds is/)
    const unknown = await world.deploy({ version: '6.0' }, { service_name: 'sds' })
    assert.match(unknown.error, /There is no service "sds" here, only cds/)
    const task = await world.deploy({ version: '6.0' }, { install_dir: `${world.installDir}/` })
    assert.equal(task.status, 'completed', task.error)
  })

  it('says in its log what was done', async () => {
    const package_path = await world.pack({ version: '7.0' })
    const id = await world.submit({ package_path, test_path: 'deploy' })
    await world.untilOver(id)
    const log = await world.logOf(id)
    const steps = [
      'running:deploy',
      'deploy: prepare',
      'deploy: stop',
      'deploy: replace',
      'deploy: start',
      'completed',
    ]
    assert.match(log, new RegExp(steps.join('[\\s\\S]*')))
  })
})
