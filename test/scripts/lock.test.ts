import assert from 'node:assert/strict'
import { execFile, spawnSync } from 'node:child_process'
import { lstat, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, beforeEach, test } from 'node:test'
import { promisify } from 'node:util'

const run = promisify(execFile)
const lockModule = new URL('../../scripts/lib/lock.mjs', import.meta.url).href

let folder: string
let lock: string
let diary: string

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'crat-lock-'))
  lock = join(folder, 'lock')
  diary = join(folder, 'diary')
})
beforeEach(() => writeFile(diary, ''))
after(() => rm(folder, { recursive: true }))

/** A process that writes into the diary when it has the lock and before it gives it back. */
function holder(): Promise<unknown> {
  const program = `
    import { appendFileSync } from 'node:fs'
    import { withLock } from ${JSON.stringify(lockModule)}
    await withLock(${JSON.stringify(lock)}, async () => {
      appendFileSync(${JSON.stringify(diary)}, 'in ')
      await new Promise(resolve => setTimeout(resolve, 50))
      appendFileSync(${JSON.stringify(diary)}, 'out ')
    })`
  return run(process.execPath, ['--input-type=module', '-e', program])
}

test('Scripts that start at once set up one after the other', async () => {
  await Promise.all([holder(), holder(), holder(), holder()])
  assert.equal(await readFile(diary, 'utf8'), 'in out '.repeat(4))
  await assert.rejects(lstat(lock), { code: 'ENOENT' })
})

test('The lock of a script that was killed is taken over, by one', async () => {
  const { pid } = spawnSync(process.execPath, ['--version'])
  await symlink(String(pid), lock)
  await Promise.all([holder(), holder(), holder()])
  assert.equal(await readFile(diary, 'utf8'), 'in out '.repeat(3))
})
