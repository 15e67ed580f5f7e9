import assert from 'node:assert/strict'
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { readConfig } from '../../src/config.ts'
import { loadSecrets } from '../../src/secrets.ts'
import { startServer, temporaryFolder } from './server-process.ts'

describe('a start that cannot be', () => {
  it('with three mistakes in .env is three clear lines', async () => {
    const folder = await temporaryFolder()
    await writeFile(join(folder, '.env'), 'PUBLIC_URL=crat\nROLE=boss\nSESSION_HOURS=never\nLOG_LEVEL=loud\n')
    // The real environment wins over .env.
    const { status, stdout, stderr } = await (await startServer({ LOG_LEVEL: 'info' }, folder)).ended()

    assert.notEqual(status, 0)
    assert.deepEqual(stderr.trim().split('\n').sort(), [
      'PUBLIC_URL: must be an absolute http or https URL',
      'ROLE: must be all, web or worker (it is "boss")',
      'SESSION_HOURS: must be a number above 0, at most 87600 (it is "never")',
    ])
    assert.equal(stdout, '')
    assert.deepEqual(await readdir(folder), ['.env'], 'nothing was begun')
  })

  it('without its database is one line that says where it was looked for', async () => {
    const free = createServer().listen(0, '127.0.0.1')
    await new Promise(resolve => free.once('listening', resolve))
    const address = free.address()
    const port = typeof address === 'object' && address ? address.port : 0
    await new Promise(resolve => free.close(resolve))

    const DATABASE_URL = `postgresql://crat:hunter2@127.0.0.1:${port}/crat`
    const { status, stderr } = await (await startServer({ DATABASE_URL })).ended()

    assert.equal(status, 1)
    assert.match(
      stderr,
      new RegExp(`^The PostgreSQL server at 127\\.0\\.0\\.1:${port} cannot be used: .+\\n$`),
    )
    assert.doesNotMatch(stderr, /hunter2/)
  })

  it('without a folder to write in is one line that names it', async () => {
    const folder = await temporaryFolder()
    await writeFile(join(folder, 'file'), '')
    const { status, stderr } = await (await startServer({ DATA_DIR: join(folder, 'file/data') })).ended()
    assert.equal(status, 1)
    assert.match(stderr, /^CRAT cannot write in .+\/file\/data: .+DATA_DIR\.\n$/)
  })
})

describe('DATA_DIR', () => {
  const modeOf = async (folder: string) => (await stat(folder)).mode & 0o777
  const DATABASE_URL = 'postgresql://crat@db.example.com/crat'

  it('is listed by nobody else, and passed through only to packages below it', async () => {
    const folder = await temporaryFolder()
    const closed = { DATABASE_URL, DATA_DIR: join(folder, 'a'), PACKAGE_DIR: join(folder, 'packages') }
    await loadSecrets(readConfig(closed))
    assert.equal(await modeOf(closed.DATA_DIR), 0o700)

    const open = { DATABASE_URL, DATA_DIR: join(folder, 'b') }
    await mkdir(open.DATA_DIR, { mode: 0o755 })
    await loadSecrets(readConfig(open))
    assert.equal(await modeOf(open.DATA_DIR), 0o711)
  })

  it('that was made narrower stays so', async () => {
    const DATA_DIR = join(await temporaryFolder(), 'data')
    await mkdir(DATA_DIR, { mode: 0o700 })
    await loadSecrets(readConfig({ DATABASE_URL, DATA_DIR }))
    assert.equal(await modeOf(DATA_DIR), 0o700)
  })
})

describe('secrets that the environment does not say', () => {
  it('are made once, for the owner alone, and kept', async () => {
    const dataDir = join(await temporaryFolder(), 'data')
    const config = readConfig({ DATA_DIR: dataDir })
    const first = await loadSecrets(config)
    const second = await loadSecrets(config)

    assert.equal(first.newAdminPassword, true)
    assert.deepEqual(second, { ...first, newAdminPassword: false })
    assert.ok(first.jwtSecret.length >= 64 && first.adminPassword.length >= 12)
    assert.notEqual(first.jwtSecret, first.adminPassword)
    assert.deepEqual((await readdir(dataDir)).sort(), ['admin-password', 'jwt-secret'])
    for (const file of await readdir(dataDir))
      assert.equal((await stat(join(dataDir, file))).mode & 0o777, 0o600)
  })

  it('are the same for processes that start at once', async () => {
    const config = readConfig({ DATA_DIR: await temporaryFolder() })
    const all = await Promise.all(Array.from({ length: 10 }, () => loadSecrets(config)))
    assert.equal(new Set(all.map(({ jwtSecret }) => jwtSecret)).size, 1)
    assert.equal(new Set(all.map(({ adminPassword }) => adminPassword)).size, 1)
    assert.equal(all.filter(({ newAdminPassword }) => newAdminPassword).length, 1)
  })

  it('are not made where it says them', async () => {
    const dataDir = await temporaryFolder()
    await mkdir(dataDir, { recursive: true })
    const given = { ADMIN_PASSWD: 'four-quiet-otters', JWT_SECRET: 'b1c8d4a6f09e72537e1d0a94c6b85f32' }
    assert.deepEqual(await loadSecrets(readConfig({ DATA_DIR: dataDir, ...given })), {
      ...{ jwtSecret: given.JWT_SECRET, adminPassword: given.ADMIN_PASSWD, newAdminPassword: false },
    })
    assert.deepEqual(await readdir(dataDir), [])
    await assert.rejects(readFile(join(dataDir, 'jwt-secret')))
  })
})
