import assert from 'node:assert/strict'
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { type TestContext, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'
import { askForFile, piecesOf } from '../../../src/external/package-server/file-request.ts'
import {
  type FetchOptions,
  fetchPackage,
  type PackageChoice,
  type PackageError,
  packagePathOf,
} from '../../../src/external/package-server/index.ts'
import {
  makePackage,
  NO_PAUSES,
  RELEASE,
  type ServedFile,
  serve,
  serveFile,
  sha256,
  temporaryFolder,
} from './world.ts'

const LAST_MODIFIED = 'Fri, 20 Nov 2026 11:56:00 GMT'

async function fetchTo(t: TestContext, choice: PackageChoice, options: Partial<FetchOptions> = {}) {
  return fetchPackage(choice, { folder: await temporaryFolder(t), pauses: NO_PAUSES, ...options })
}

/** Fetches until the server has sent all it sends before it stops, then aborts: what a killed process leaves. */
async function leavePart(choice: PackageChoice, folder: string, bytes: number): Promise<string> {
  const controller = new AbortController()
  const part = `${packagePathOf(folder, choice)}.part`
  const fetching = fetchPackage(choice, { folder, signal: controller.signal })
  const aborted = assert.rejects(fetching, { message: 'Li Wei cancelled it' })
  await sizeReached(part, bytes)
  controller.abort(new Error('Li Wei cancelled it'))
  await aborted
  assert.equal(statSync(part).size, bytes)
  return part
}

async function sizeReached(path: string, bytes: number): Promise<void> {
  while (!existsSync(path) || statSync(path).size < bytes) await new Promise(resolve => setImmediate(resolve))
}

/** For its first request, sends so many bytes and then nothing more. */
function stopsAfter(bytes: number, file: Omit<ServedFile, 'instead'>): ServedFile {
  return {
    ...file,
    instead: (_request, response, count) => {
      if (count > 1) return false
      if (file.etag) response.setHeader('etag', file.etag)
      if (file.lastModified) response.setHeader('last-modified', file.lastModified)
      response
        .writeHead(200, { 'content-length': file.content.length })
        .write(file.content.subarray(0, bytes))
      return true
    },
  }
}

for (const version of [{ etag: '"v1"' }, { etag: 'W/"v1"', lastModified: LAST_MODIFIED }])
  test(`a connection cut twice is resumed where it broke (${version.etag})`, async t => {
    const content = makePackage()
    const { choice, requests } = await serveFile(t, { content, ...version, cuts: [300_000, 200_000] })
    const fetched = await fetchTo(t, choice)
    assert.equal(fetched.attempts, 3)
    assert.equal(fetched.resumed, 2)
    assert.equal(fetched.sha256, sha256(content))
    assert.deepEqual(readFileSync(fetched.path), content)
    assert.deepEqual(
      requests.map(({ range }) => range),
      [undefined, 'bytes=300000-', 'bytes=500000-'],
    )
    assert.equal(requests[1]?.['if-range'], version.lastModified ?? version.etag)
  })

test('cut at random, a package arrives whole or the cut is told; never anything else', async t => {
  const content = makePackage(200_000)
  for (let round = 0; round < 20; round++) {
    const cuts = Array.from({ length: 3 }, () => Math.floor(Math.random() * content.length))
    const { choice } = await serveFile(t, { content, etag: '"v1"', cuts: [...cuts] })
    const fetched = await fetchTo(t, choice)
    assert.equal(fetched.sha256, sha256(content), `cuts ${cuts}`)
  }
})

test('after five attempts it gives up, says how far it came, and keeps what arrived', async t => {
  const content = makePackage()
  const { choice, requests } = await serveFile(t, { content, etag: '"v1"', cuts: Array(5).fill(100_000) })
  const folder = await temporaryFolder(t)
  await assert.rejects(fetchTo(t, choice, { folder }), (error: PackageError) => {
    assert.equal(error.key, 'package:cut')
    assert.match(error.message, /broke off after 500 kB of 1 MB \(attempt 5\)/)
    return !error.permanent
  })
  assert.equal(requests.length, 5)
  const fetched = await fetchTo(t, choice, { folder })
  assert.equal(fetched.resumed, 1)
  assert.equal(requests.at(-1)?.range, 'bytes=500000-')
  assert.equal(fetched.sha256, sha256(content))
})

test('a server that sends nothing any more counts as broken', async t => {
  const content = makePackage()
  const { choice } = await serveFile(t, stopsAfter(400_000, { content, etag: '"v1"' }))
  const fetched = await fetchTo(t, choice, { stallMs: 100 })
  assert.deepEqual([fetched.attempts, fetched.resumed], [2, 1])
  assert.equal(fetched.sha256, sha256(content))
})

test('a server that never answers counts as broken', async t => {
  const content = makePackage(1000)
  const { choice } = await serveFile(t, { content, instead: (_request, _response, count) => count === 1 })
  assert.equal((await fetchTo(t, choice, { stallMs: 100 })).attempts, 2)
})

test('only the server’s silence counts, not the time that is taken here', async t => {
  const server = await serve(t, (_request, response) => {
    response.write('one')
    setImmediate(() => response.end('two'))
  })
  const answer = await askForFile(server, {}, { stallMs: 30_000 })
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const pieces: string[] = []
  for await (const piece of piecesOf(answer, 30_000)) {
    pieces.push(piece.toString())
    t.mock.timers.tick(60_000)
  }
  assert.equal(pieces.join(''), 'onetwo')
})

test('an abort stops at once and leaves what arrived; the next process goes on from there', async t => {
  const content = makePackage()
  const { choice, requests } = await serveFile(
    t,
    stopsAfter(400_000, { content, lastModified: LAST_MODIFIED }),
  )
  const folder = await temporaryFolder(t)
  await leavePart(choice, folder, 400_000)
  const fetched = await fetchTo(t, choice, { folder })
  assert.deepEqual([fetched.attempts, fetched.resumed, fetched.sha256], [1, 1, sha256(content)])
  assert.equal(requests[1]?.range, 'bytes=400000-')
  assert.equal(requests[1]?.['if-range'], LAST_MODIFIED)
  assert.deepEqual(readdirSync(dirname(fetched.path)).sort(), [RELEASE, `${RELEASE}.json`])
})

test('what a killed process leaves behind is resumed by the next one', { timeout: 20_000 }, async t => {
  const content = makePackage()
  const { choice, requests } = await serveFile(t, stopsAfter(400_000, { content, etag: '"v1"' }))
  const folder = await temporaryFolder(t)
  const script = new URL('fetching-process.ts', import.meta.url)
  const child = fork(script, [JSON.stringify(choice), folder])
  t.after(() => child.kill('SIGKILL'))
  await sizeReached(`${packagePathOf(folder, choice)}.part`, 400_000)
  child.kill('SIGKILL')
  await once(child, 'exit')
  const fetched = await fetchTo(t, choice, { folder })
  assert.deepEqual([fetched.attempts, fetched.resumed, fetched.sha256], [1, 1, sha256(content)])
  assert.equal(requests[1]?.range, 'bytes=400000-')
})

test('an abort also ends the pause between two attempts', async t => {
  const controller = new AbortController()
  const { choice } = await serveFile(t, {
    content: makePackage(1000),
    instead: (_request, response) => {
      response
        .writeHead(503)
        .end(() => setImmediate(() => controller.abort(new Error('Li Wei cancelled it'))))
      return true
    },
  })
  const fetching = fetchTo(t, choice, { pauses: [60_000], signal: controller.signal })
  await assert.rejects(fetching, { message: 'Li Wei cancelled it' })
})

test('a package that had arrived whole when the process was killed is only checked', async t => {
  const content = makePackage()
  const { choice, requests } = await serveFile(t, { content, etag: '"v1"', cuts: [content.length - 1] })
  const folder = await temporaryFolder(t)
  await assert.rejects(fetchTo(t, choice, { folder, pauses: [] }))
  await writeFile(`${packagePathOf(folder, choice)}.part`, content)
  const fetched = await fetchTo(t, choice, { folder })
  assert.deepEqual([fetched.attempts, fetched.resumed, fetched.sha256], [1, 1, sha256(content)])
  assert.equal(requests[1]?.range, `bytes=${content.length}-`)
})

test('a file that changed in between is fetched from the start', async t => {
  const file: ServedFile = { content: makePackage(), etag: '"v1"', cuts: [300_000] }
  file.instead = (_request, _response, count) => {
    if (count === 2) Object.assign(file, { content: makePackage(), etag: '"v2"' })
    return false
  }
  const { choice } = await serveFile(t, file)
  const fetched = await fetchTo(t, choice)
  assert.deepEqual([fetched.attempts, fetched.resumed], [2, 0])
  assert.deepEqual(readFileSync(fetched.path), file.content)
})

test('a server without ranges, and one without validators, start over', async t => {
  for (const server of [{ etag: '"v1"', ranges: false }, {}]) {
    const content = makePackage()
    const { choice } = await serveFile(t, { content, ...server, cuts: [300_000] })
    const fetched = await fetchTo(t, choice)
    assert.deepEqual([fetched.attempts, fetched.resumed, fetched.sha256], [2, 0, sha256(content)])
  }
})

const CONTENT = makePackage()
const SIZE = CONTENT.length
const WRONG_RESUMPTIONS: Record<string, [number, Record<string, string>]> = {
  'another start': [206, { 'content-range': `bytes 0-${SIZE - 1}/${SIZE}` }],
  'another size': [206, { 'content-range': `bytes 300000-${SIZE - 1}/${SIZE + 1}` }],
  'no range': [206, {}],
  'several ranges': [206, { 'content-type': 'multipart/byteranges; boundary=x' }],
  'another version': [206, { 'content-range': `bytes 300000-${SIZE - 1}/${SIZE}`, etag: '"v2"' }],
  'nothing to send': [416, { 'content-range': 'bytes */1000' }],
  'nothing at all': [416, {}],
}
for (const [what, [status, headers]] of Object.entries(WRONG_RESUMPTIONS))
  test(`a resumption that answers ${what} starts over`, async t => {
    const { choice, requests } = await serveFile(t, {
      content: CONTENT,
      etag: '"v1"',
      cuts: [300_000],
      instead: (_request, response, count) => {
        if (count === 2) response.writeHead(status, headers).end(CONTENT.subarray(300_000))
        return count === 2
      },
    })
    const fetched = await fetchTo(t, choice)
    assert.deepEqual([fetched.attempts, fetched.resumed, fetched.sha256], [3, 0, sha256(CONTENT)])
    assert.equal(requests[2]?.range, undefined)
  })

test('a server that lies about the version is found out, and asked for the whole file once more', async t => {
  const [first, second] = [makePackage(), makePackage()]
  const file = { content: first, etag: '"v1"', cuts: [300_000] }
  const { choice } = await serveFile(t, {
    ...file,
    instead: (request, response, count) => {
      if (count === 1) return false
      const start = Number(/\d+/.exec(request.headers.range ?? '0')?.[0])
      if (start > 0) response.setHeader('content-range', `bytes ${start}-${first.length - 1}/${first.length}`)
      response.writeHead(start > 0 ? 206 : 200, { etag: '"v1"' }).end(second.subarray(start))
      return true
    },
  })
  const fetched = await fetchTo(t, choice)
  assert.equal(fetched.sha256, sha256(second))
})

test('a leftover that is damaged is thrown away', async t => {
  const content = makePackage()
  const { choice } = await serveFile(t, stopsAfter(400_000, { content, etag: '"v1"' }))
  const folder = await temporaryFolder(t)
  const part = await leavePart(choice, folder, 400_000)
  for (const leftover of [Buffer.alloc(400_000), makePackage(2_000_000)]) {
    await writeFile(part, leftover)
    const fetched = await fetchTo(t, choice, { folder })
    assert.equal(fetched.sha256, sha256(content))
  }
})

test('a part without its record is never resumed', async t => {
  const content = makePackage()
  const { choice, requests } = await serveFile(t, { content, etag: '"v1"' })
  const folder = await temporaryFolder(t)
  const { path } = await fetchTo(t, choice, { folder })
  await writeFile(`${path}.part`, content.subarray(0, 1000))
  await writeFile(path, '')
  assert.equal((await fetchTo(t, choice, { folder })).sha256, sha256(content))
  assert.equal(requests[1]?.range, undefined)
})

test('where only the connection’s end tells the end, a cut is noticed and resumed', async t => {
  const content = makePackage()
  const { choice } = await serveFile(t, { content, etag: '"v1"', unsized: true, cuts: [300_000] })
  const fetched = await fetchTo(t, choice)
  assert.deepEqual([fetched.attempts, fetched.resumed, fetched.sha256], [2, 1, sha256(content)])
})

for (const [status, attempts] of [
  [404, 1],
  [403, 1],
  [410, 1],
  [400, 1],
  [500, 5],
  [503, 5],
  [429, 5],
] as const)
  test(`HTTP ${status} on the package: ${attempts} attempts`, async t => {
    const { choice, requests } = await serveFile(t, {
      content: gzipSync('x'),
      instead: (_request, response) => {
        response.writeHead(status).end('no')
        return true
      },
    })
    await assert.rejects(fetchTo(t, choice), (error: PackageError) => {
      assert.match(error.message, new RegExp(`${status}`))
      return error.permanent === (attempts === 1)
    })
    assert.equal(requests.length, attempts)
  })

test('two at once never spoil each other', async t => {
  const content = makePackage(3_000_000)
  const { choice } = await serveFile(t, { content, etag: '"v1"', cuts: [1_000_000, 700_000] })
  const folder = await temporaryFolder(t)
  const both = await Promise.all([fetchTo(t, choice, { folder }), fetchTo(t, choice, { folder })])
  for (const fetched of both) assert.equal(fetched.sha256, sha256(content))
  assert.deepEqual(readFileSync(both[0].path), content)
  assert.deepEqual(readdirSync(dirname(both[0].path)).sort(), [RELEASE, `${RELEASE}.json`])
})

test('runs of the same build in several environments fetch it at the same time', async t => {
  const content = makePackage(200_000)
  for (let round = 0; round < 10; round += 1) {
    const { choice } = await serveFile(t, { content, etag: '"v1"' })
    const folder = await temporaryFolder(t)
    const starts = Array.from({ length: 6 }, (_, i) =>
      // One after the other, so that some find a part that is about to be put in its place.
      pause(2 * i).then(() => fetchTo(t, choice, { folder, pauses: [10, 20, 40, 80] })),
    )
    for (const fetched of await Promise.all(starts)) assert.equal(fetched.sha256, sha256(content))
  }
})
