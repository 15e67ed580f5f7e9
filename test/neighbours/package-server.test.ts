import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, afterEach, before, test } from 'node:test'
import { type DemoBuild, makeDemoBuild } from './demo-build.ts'
import { type PackageServer, startPackageServer } from './package-server.ts'

let root: string
let server: PackageServer
let build: DemoBuild
let bytes: Buffer
let url: string

before(async () => {
  root = await mkdtemp(join(tmpdir(), 'crat-packages-'))
  server = await startPackageServer(root)
  build = await makeDemoBuild(root)
  bytes = await readFile(join(root, build.packagePath, build.packageName))
  url = `${server.url}/${build.packagePath}/${build.packageName}`
})
afterEach(() => server.behave())
after(async () => {
  await server.close()
  await rm(root, { recursive: true })
})

const bodyOf = async (response: Response) => Buffer.from(await response.arrayBuffer())

test('A build lists its packages, sub-folder and checksums as nginx does', async () => {
  const page = await (await fetch(`${server.url}/${build.packagePath}/`)).text()
  const links = [...page.matchAll(/<a href="([^"]+)">/g)].map(([, href]) => href)
  assert.deepEqual(links, [
    '../',
    'symbols/',
    'SHA256SUMS',
    'cds-5.3.9-c54239ed_x86_64-linux-gnu_20240626_debug.tgz',
    'cds-5.3.9-c54239ed_x86_64-linux-gnu_20240626_release.tgz',
    'sds-5.3.9-c54239ed_x86_64-linux-gnu_20240626_release.tgz',
  ])
  assert.match(page, /<\/a> +\d\d-[A-Z][a-z]{2}-\d{4} \d\d:\d\d +\d+\n/)
})

test('A folder without its slash is redirected, with the path still encoded', async () => {
  const odd = await makeDemoBuild(join(root, 'a b'))
  const response = await fetch(`${server.url}/a%20b/${odd.packagePath}`, { redirect: 'manual' })
  assert.equal(response.status, 301)
  assert.equal(response.headers.get('location'), `/a%20b/${odd.packagePath}/`)
})

test('A package comes whole, with validators, and fits its line in SHA256SUMS', async () => {
  const response = await fetch(url)
  assert.ok(response.headers.get('etag'))
  assert.ok(response.headers.get('last-modified'))
  assert.equal(Number(response.headers.get('content-length')), bytes.length)
  const sum = createHash('sha256')
    .update(await bodyOf(response))
    .digest('hex')
  const sums = await (await fetch(`${server.url}/${build.packagePath}/SHA256SUMS`)).text()
  assert.ok(sums.includes(`${sum}  ${build.packageName}\n`))
})

test('HEAD tells the same headers and sends nothing', async () => {
  const response = await fetch(url, { method: 'HEAD' })
  assert.equal(Number(response.headers.get('content-length')), bytes.length)
  assert.equal((await bodyOf(response)).length, 0)
})

test('The rest of a package is sent on Range, while If-Range still fits', async () => {
  const etag = (await fetch(url, { method: 'HEAD' })).headers.get('etag') ?? ''
  const rest = await fetch(url, { headers: { range: 'bytes=100-', 'if-range': etag } })
  assert.equal(rest.status, 206)
  assert.equal(rest.headers.get('content-range'), `bytes 100-${bytes.length - 1}/${bytes.length}`)
  assert.deepEqual(await bodyOf(rest), bytes.subarray(100))
})

test('A package that changed in between is sent whole', async () => {
  const path = join(root, build.packagePath, 'changing.tgz')
  await writeFile(path, 'the first build')
  const changing = `${server.url}/${build.packagePath}/changing.tgz`
  const etag = (await fetch(changing, { method: 'HEAD' })).headers.get('etag') ?? ''
  await writeFile(path, 'the second, longer build')
  const response = await fetch(changing, { headers: { range: 'bytes=4-', 'if-range': etag } })
  assert.equal(response.status, 200)
  assert.equal(await response.text(), 'the second, longer build')
  await rm(path)
})

test('A range beyond the end is 416', async () => {
  const response = await fetch(url, { headers: { range: `bytes=${bytes.length}-` } })
  assert.equal(response.status, 416)
})

test('Nothing outside the folder is served', async () => {
  assert.equal((await fetch(`${server.url}/..%2f..%2fetc/passwd`)).status, 404)
  assert.equal((await fetch(`${server.url}/nothing.tgz`)).status, 404)
})

test('The line is cut after exactly so many bytes', async () => {
  server.answerNext(build.packageName, { damage: { cutAfter: 1000 } })
  const response = await fetch(url)
  const received: Uint8Array[] = []
  await assert.rejects(async () => {
    for await (const chunk of response.body ?? []) received.push(chunk)
  })
  assert.deepEqual(Buffer.concat(received), bytes.subarray(0, 1000))
  assert.deepEqual(await bodyOf(await fetch(url)), bytes, 'the next request is answered in full')
})

test('A stalled package sends its first bytes and then nothing', async () => {
  server.answerNext(build.packageName, { damage: { stallAfter: 10 } })
  const aborter = new AbortController()
  const response = await fetch(url, { signal: aborter.signal })
  const reader = response.body?.getReader()
  assert.deepEqual(Buffer.from((await reader?.read())?.value ?? []), bytes.subarray(0, 10))
  const next = reader?.read()
  aborter.abort()
  await assert.rejects(async () => next, { name: 'AbortError' })
})

test('One byte is flipped, also in a part', async () => {
  server.answerAlways(build.packageName, { damage: { flipByteAt: 50 } })
  const broken = await bodyOf(await fetch(url))
  assert.equal(broken.length, bytes.length)
  assert.deepEqual(
    [...broken.keys()].filter(i => broken[i] !== bytes[i]),
    [50],
  )
})

test('A status of its own, and no answer at all', async () => {
  server.answerNext(build.packageName, { status: 503, body: 'Service Unavailable' }, 'hang-up')
  assert.equal((await fetch(url)).status, 503)
  await assert.rejects(fetch(url))
  server.answerNext(build.packageName, 'silence')
  const aborter = new AbortController()
  const silent = fetch(url, { signal: aborter.signal })
  await server.waitForRequest(build.packageName, server.requestsTo(build.packageName).length + 1)
  aborter.abort()
  await assert.rejects(silent, { name: 'AbortError' })
})
