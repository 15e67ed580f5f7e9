import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { appendFile, mkdir, readFile, utimes, writeFile } from 'node:fs/promises'
import { basename, dirname, relative } from 'node:path'
import { test } from 'node:test'
import { gzipSync } from 'node:zlib'
import {
  fetchPackage,
  type PackageProgress,
  packagePathOf,
} from '../../../src/external/package-server/index.ts'
import { choiceAt, makePackage, RELEASE, serve, serveFile, sha256, temporaryFolder } from './world.ts'

test('a package arrives whole, under its own name, and nothing else is left behind', async t => {
  const content = makePackage()
  const { choice, requests } = await serveFile(t, { content, etag: '"v1"' })
  const folder = await temporaryFolder(t)
  const fetched = await fetchPackage(choice, { folder })

  assert.equal(basename(fetched.path), RELEASE)
  assert.equal(fetched.path, packagePathOf(folder, choice))
  assert.deepEqual(readFileSync(fetched.path), content)
  const { path, ...figures } = fetched
  assert.deepEqual(figures, {
    name: RELEASE,
    url: choice.url,
    size: content.length,
    sha256: sha256(content),
    checksum: null,
    reused: false,
    attempts: 1,
    resumed: 0,
  })
  assert.deepEqual(readdirSync(dirname(path)).sort(), [RELEASE, `${RELEASE}.json`])
  assert.equal(requests[0]?.['accept-encoding'], 'identity')
})

test('packages of equal name from different builds lie side by side', async t => {
  const { choice } = await serveFile(t, { content: makePackage(1000) })
  const folder = await temporaryFolder(t)
  const one = await fetchPackage(choice, { folder })
  const other = await fetchPackage({ ...choice, directory: `${choice.directory}other/` }, { folder })
  assert.notEqual(one.path, other.path)
  assert.equal(basename(one.path), basename(other.path))
})

test('several gzip members, padding zeros and a bomb are all fine', async t => {
  const files = [
    Buffer.concat([gzipSync('one'), gzipSync('two')]),
    Buffer.concat([gzipSync('one'), Buffer.alloc(10_000)]),
    gzipSync(Buffer.alloc(100_000_000)),
  ]
  for (const content of files) {
    const { choice } = await serveFile(t, { content })
    const { size } = await fetchPackage(choice, { folder: await temporaryFolder(t) })
    assert.equal(size, content.length)
  }
})

test('a package without a length, in chunks, is fetched', async t => {
  const content = makePackage()
  const server = await serve(t, (_request, response) => {
    response.write(content.subarray(0, 1000))
    response.end(content.subarray(1000))
  })
  const progress: PackageProgress[] = []
  const fetched = await fetchPackage(choiceAt(server), {
    folder: await temporaryFolder(t),
    onProgress: update => void progress.push(update),
  })
  assert.equal(fetched.sha256, sha256(content))
  assert.deepEqual(progress, [{ bytes: 0, total: null, rate: 0, attempt: 1 }])
})

test('a redirect to a store elsewhere is followed; the name stays', async t => {
  const content = makePackage(1000)
  const store = await serveFile(t, { content, etag: '"v1"' })
  const server = await serve(t, (_request, response) => {
    response.writeHead(302, { location: `${store.server}/blob/1?signature=x` }).end('moved')
  })
  const folder = await temporaryFolder(t)
  const fetched = await fetchPackage(choiceAt(server), { folder })
  assert.equal(basename(fetched.path), RELEASE)
  assert.equal(fetched.sha256, sha256(content))
  assert.equal((await fetchPackage(choiceAt(server), { folder })).reused, true)
})

test('a name that is no file name never leaves the folder', async t => {
  const folder = await temporaryFolder(t)
  const names = [
    '../x.tgz',
    '..',
    '',
    'a/b.tgz',
    'a\\b.tgz',
    'a\u0000.tgz',
    'a\n.tgz',
    `${'中'.repeat(80)}.tgz`,
  ]
  for (const name of names)
    await assert.rejects(fetchPackage(choiceAt('http://127.0.0.1:1', { name }), { folder }), {
      key: 'package:bad_name',
      permanent: true,
    })
  assert.deepEqual(readdirSync(folder), [])
  assert.match(relative(folder, packagePathOf(folder, choiceAt('http://x'))), /^[0-9a-f]{16}\/cds/)
})

test('progress comes at most once a second, and is awaited', async t => {
  const content = makePackage(3_000_000)
  const { choice } = await serveFile(t, { content })
  const progress: PackageProgress[] = []
  let saving = 0
  const onProgress = async (update: PackageProgress) => {
    assert.equal(saving++, 0)
    progress.push(update)
    await new Promise(resolve => setImmediate(resolve))
    saving--
  }
  await fetchPackage(choice, { folder: await temporaryFolder(t), onProgress })
  assert.deepEqual(progress[0], { bytes: 0, total: content.length, rate: 0, attempt: 1 })
})

test('a progress that cannot be saved ends the transfer with that error', async t => {
  const { choice } = await serveFile(t, { content: makePackage() })
  const lost = new Error('the database is gone')
  const onProgress = () => Promise.reject(lost)
  await assert.rejects(fetchPackage(choice, { folder: await temporaryFolder(t), onProgress }), lost)
})

test('the next run of the same build does not fetch it again', async t => {
  for (const version of [{ etag: '"v1"' }, { lastModified: 'Fri, 20 Nov 2026 11:56:00 GMT' }]) {
    const content = makePackage()
    const { choice, requests } = await serveFile(t, { content, ...version })
    const folder = await temporaryFolder(t)
    const first = await fetchPackage(choice, { folder })
    const second = await fetchPackage(choice, { folder })
    assert.deepEqual(second, { ...first, reused: true })
    assert.equal(requests.length, 2)
  }
})

test('a package that changed on the server is fetched again', async t => {
  const lastModified = 'Fri, 20 Nov 2026 11:56:00 GMT'
  const versions = [
    [{ etag: '"v1"' }, { etag: '"v2"' }],
    [
      { etag: '"v1"', lastModified },
      { etag: '"v2"', lastModified },
    ],
    [{ lastModified }, { lastModified: 'Fri, 20 Nov 2026 11:57:00 GMT' }],
    [{}, {}],
  ]
  for (const [before, after] of versions) {
    const file = { content: makePackage(5000), ...before }
    const { choice } = await serveFile(t, file)
    const folder = await temporaryFolder(t)
    await fetchPackage(choice, { folder })
    Object.assign(file, after, { content: makePackage(5000) })
    const second = await fetchPackage(choice, { folder })
    assert.equal(second.reused, false)
    assert.equal(second.sha256, sha256(file.content))
    assert.deepEqual(readFileSync(second.path), file.content)
  }
})

test('equal Last-Modified but another size is a change', async t => {
  const file = { content: makePackage(5000), lastModified: 'Fri, 20 Nov 2026 11:56:00 GMT' }
  const { choice } = await serveFile(t, file)
  const folder = await temporaryFolder(t)
  await fetchPackage(choice, { folder })
  file.content = makePackage(6000)
  assert.equal((await fetchPackage(choice, { folder })).reused, false)
})

test('a kept package that was touched on disk is fetched again', async t => {
  const content = makePackage(5000)
  const { choice } = await serveFile(t, { content, etag: '"v1"' })
  const folder = await temporaryFolder(t)
  const { path } = await fetchPackage(choice, { folder })
  const spoil = [
    () => appendFile(path, 'x'),
    () => utimes(path, 1, 1),
    () => writeFile(`${path}.json`, '{"half": '),
    () => writeFile(`${path}.json`, '{"size": "large"}'),
  ]
  for (const change of spoil) {
    await change()
    assert.equal((await fetchPackage(choice, { folder })).reused, false)
    assert.deepEqual(await readFile(path), content)
    assert.equal((await fetchPackage(choice, { folder })).reused, true)
  }
})

test('a folder that cannot be written to is named', async t => {
  const { choice } = await serveFile(t, { content: makePackage(1000) })
  const folder = await temporaryFolder(t)
  await mkdir(`${packagePathOf(folder, choice)}.part`, { recursive: true })
  await writeFile(`${folder}/file`, '')
  await assert.rejects(fetchPackage(choice, { folder: `${folder}/file` }), {
    key: 'package:disk',
    permanent: true,
  })
})
