import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { after, describe, it } from 'node:test'
import { promisify } from 'node:util'
import { createGzip } from 'node:zlib'
import { Header } from 'tar'
import { unpack } from '../../src/test-server/files/unpack.ts'

const run = promisify(execFile)
const folder = await mkdtemp(join(tmpdir(), 'crat-archives-'))
after(() => rm(folder, { recursive: true, force: true }))
const signal = new AbortController().signal

interface Entry {
  path: string
  type?: string
  linkpath?: string
  text?: string
  mode?: number
}

/** An archive as no well-behaved program writes it. */
async function archive(entries: Entry[]): Promise<string> {
  const path = join(folder, `${createHash('md5').update(JSON.stringify(entries)).digest('hex')}.tgz`)
  const blocks = entries.flatMap(({ text = '', type = 'File', mode = 0o644, ...rest }) => {
    const header = new Header({ ...rest, type: type as never, mode, size: Buffer.byteLength(text) })
    header.encode()
    const body = Buffer.alloc(Math.ceil(Buffer.byteLength(text) / 512) * 512)
    body.write(text)
    return [header.block as Buffer, body]
  })
  await pipeline(Readable.from([...blocks, Buffer.alloc(1024)]), createGzip(), createWriteStream(path))
  return path
}

async function refusal(
  path: string,
  limits: { maxBytes?: number; maxEntries?: number } = {},
): Promise<string> {
  const target = await mkdtemp(join(folder, 'target-'))
  const before = await readdir(folder, { recursive: true })
  let message = ''
  await unpack(path, join(target, 'in'), { ...limits, signal }).catch(error => {
    message = error.message
  })
  assert.deepEqual(
    (await readdir(folder, { recursive: true })).sort(),
    before.sort(),
    'something was written',
  )
  assert.match(message, /cannot be unpacked/)
  return message
}

describe('an archive is refused as a whole', () => {
  const good: Entry = { path: 'cds/good', text: 'good' }

  it('where a name leads out', async () => {
    for (const path of ['../evil', 'cds/../../evil', '/etc/evil', 'cds/a/b/../../../../evil'])
      assert.match(await refusal(await archive([good, { path, text: 'evil' }])), /leads out of the package/)
  })

  it('where a link leads out', async () => {
    for (const link of [
      { path: 'cds/link', type: 'SymbolicLink', linkpath: '/etc' },
      { path: 'cds/link', type: 'SymbolicLink', linkpath: '../../etc' },
      { path: 'cds/link', type: 'Link', linkpath: '../../etc/passwd' },
      { path: 'cds/link', type: 'Link', linkpath: '/etc/passwd' },
    ])
      assert.match(await refusal(await archive([good, link])), /the link .* leads out of the package/)
  })

  it('where a file is written through a link of its own', async () => {
    const entries = [
      { path: 'cds/inner/', type: 'Directory', mode: 0o755 },
      { path: 'cds/link', type: 'SymbolicLink', linkpath: 'inner' },
      { path: 'cds/link/file', text: 'x' },
    ]
    const target = join(folder, 'through')
    await assert.rejects(unpack(await archive(entries), target, { signal }), /cannot be unpacked/)
  })

  it('where it holds devices or pipes', async () => {
    for (const type of ['FIFO', 'CharacterDevice', 'BlockDevice'])
      assert.match(
        await refusal(await archive([good, { path: 'cds/device', type }])),
        /neither a file nor a folder/,
      )
  })

  it('where it is a bomb', async () => {
    const path = join(folder, 'bomb.tgz')
    const header = new Header({ path: 'cds/zeros', type: 'File', mode: 0o644, size: 50_000_000 })
    header.encode()
    const zeros = Buffer.alloc(1_000_000)
    const parts = function* () {
      yield header.block as Buffer
      for (let part = 0; part < 50; part += 1) yield zeros
    }
    await pipeline(Readable.from(parts()), createGzip(), createWriteStream(path))
    assert.ok((await stat(path)).size < 100_000)
    assert.match(await refusal(path), /decompression ratio/)
  })

  it('where it holds more than it may', async () => {
    const path = await archive([good, { path: 'cds/more', text: 'x'.repeat(2000) }])
    assert.match(await refusal(path, { maxBytes: 1000 }), /more than 1000 bytes/)
    assert.match(await refusal(path, { maxEntries: 1 }), /more than 1 files/)
  })

  it('where it is none, is empty or breaks off', async () => {
    const path = join(folder, 'broken.tgz')
    await writeFile(path, 'this is not gzip')
    await refusal(path)
    const whole = await readFile(await archive([good, { path: 'cds/b', text: 'x'.repeat(100_000) }]))
    await writeFile(path, whole.subarray(0, whole.length / 2))
    await refusal(path)
    await refusal(await archive([]))
  })
})

describe('an archive is unpacked', () => {
  it('without its only folder, without set-user-id bits, with links that stay inside', async () => {
    const source = join(folder, 'source/cds-5.3.9')
    await mkdir(join(source, 'lib'), { recursive: true })
    await writeFile(join(source, 'lib/a.so.1'), 'library')
    await symlink('a.so.1', join(source, 'lib/a.so'))
    await writeFile(join(source, 'tool'), 'tool', { mode: 0o755 })
    await run('chmod', ['6755', join(source, 'tool')])
    await run('tar', ['-czf', join(folder, 'good.tgz'), '-C', join(folder, 'source'), 'cds-5.3.9'])
    const target = join(folder, 'good')
    await unpack(join(folder, 'good.tgz'), target, { signal })
    assert.equal(await readFile(join(target, 'lib/a.so'), 'utf8'), 'library')
    assert.equal((await stat(join(target, 'tool'))).mode & 0o7777, 0o755)
  })
})
