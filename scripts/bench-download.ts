// Fetches a package of 2 GB from a server on loopback that cuts the connection twice, and prints what that took:
// memory, rate, attempts. Then fetches it again, which must not transfer it. `--mb N` chooses another size.
import { type ChildProcess, fork } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { parseArgs } from 'node:util'
import { gzipSync } from 'node:zlib'
import { fetchPackage, findPackage } from '../src/external/package-server/index.ts'

const NAME = 'cds-5.3.9-c54239ed_x86_64-linux-gnu_20240626_release.tgz'
const PATH = 'CDN/Core/bench'
const MB = 1_000_000

const { values } = parseArgs({
  options: { mb: { type: 'string', default: '2000' }, serve: { type: 'boolean' } },
})
const megabytes = Number(values.mb)
if (values.serve) await servePackage(megabytes)
else await measure(megabytes)

async function measure(megabytes: number): Promise<void> {
  const interrupted = new AbortController()
  process.once('SIGINT', () => interrupted.abort(new Error('interrupted')))
  const folder = await mkdtemp(join(tmpdir(), 'crat-bench-'))
  const server = fork(import.meta.filename, ['--serve', '--mb', String(megabytes)])
  try {
    const [baseUrl] = (await once(server, 'message', { signal: interrupted.signal })) as [string]
    await download(baseUrl, folder, interrupted.signal)
  } finally {
    await stop(server)
    await rm(folder, { recursive: true, force: true })
  }
}

async function download(baseUrl: string, folder: string, signal: AbortSignal): Promise<void> {
  const choice = await findPackage({ baseUrl, packagePath: PATH, itemName: 'cds', signal })
  const memory: number[] = []
  const sampling = setInterval(() => memory.push(process.memoryUsage.rss()), 500)
  const fetchOnce = async () => {
    const startedAt = performance.now()
    const fetched = await fetchPackage(choice, {
      folder,
      signal,
      onProgress: ({ bytes, total, rate, attempt }) =>
        console.log(
          `  attempt ${attempt}  ${inMb(bytes)} of ${inMb(total ?? 0)} MB  ${inMb(rate)} MB/s  rss ${inMb(process.memoryUsage.rss())} MB`,
        ),
    })
    return { ...fetched, seconds: (performance.now() - startedAt) / 1000 }
  }
  try {
    const first = await fetchOnce()
    console.log(`memory, every 0.5 s:  ${memory.map(inMb).join(' ')}  MB`)
    console.log(`lowest ${inMb(Math.min(...memory))} MB, highest ${inMb(Math.max(...memory))} MB`)
    console.log(
      `fetched ${first.size} bytes in ${first.seconds.toFixed(1)} s, pauses included: ${inMb(first.size / first.seconds)} MB/s`,
    )
    console.log(`attempts ${first.attempts}, resumed ${first.resumed}, SHA-256 as in ${first.checksum?.url}`)
    const second = await fetchOnce()
    console.log(`again: reused ${second.reused}, in ${second.seconds.toFixed(2)} s`)
    const isProven = first.resumed === 2 && first.checksum?.value === first.sha256 && second.reused
    if (!isProven) throw new Error('not fetched as it should be')
  } finally {
    clearInterval(sampling)
  }
}

function inMb(bytes: number): number {
  return Math.round(bytes / MB)
}

async function stop(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return
  server.kill()
  await once(server, 'exit')
}

/** The package is as many gzip members of 1 MB as it takes, of sixteen kinds in a mixed order. */
async function servePackage(megabytes: number): Promise<void> {
  const kinds = Array.from({ length: 16 }, () => gzipSync(randomBytes(MB), { level: 0 }))
  const memberSize = kinds[0]?.length ?? 0
  const size = megabytes * memberSize
  function* content(start: number): Generator<Buffer> {
    for (let index = Math.floor(start / memberSize); index < megabytes; index++) {
      const member = kinds[(index * index + (index >> 4)) % 16] ?? Buffer.alloc(0)
      yield member.subarray(Math.max(0, start - index * memberSize))
    }
  }
  const hash = createHash('sha256')
  for (const piece of content(0)) hash.update(piece)
  const sums = `${hash.digest('hex')}  ${NAME}\n`

  const cuts = [0.35, 0.7].map(share => Math.floor(share * size))
  const server = createServer(async (request, response) => {
    if (request.url?.endsWith('/'))
      response.end(`<a href="${NAME}">${NAME}</a> <a href="SHA256SUMS">SHA256SUMS</a>`)
    else if (request.url?.endsWith('SHA256SUMS')) response.end(sums)
    else await sendPackage(request, response, size, content, cuts.shift())
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  process.on('disconnect', () => process.exit())
  process.send?.(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
}

async function sendPackage(
  request: IncomingMessage,
  response: ServerResponse,
  size: number,
  content: (start: number) => Iterable<Buffer>,
  cutAt = Infinity,
): Promise<void> {
  const etag = '"bench"'
  if (request.headers['if-none-match'] === etag) return void response.writeHead(304, { etag }).end()
  const start = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0)
  response.writeHead(start > 0 ? 206 : 200, {
    etag,
    'content-length': size - start,
    ...(start > 0 && { 'content-range': `bytes ${start}-${size - 1}/${size}` }),
  })
  const pieces = (function* () {
    let position = start
    for (const piece of content(start)) {
      if (position > cutAt) return void response.socket?.destroy()
      position += piece.length
      yield piece
    }
  })()
  // The client is gone, or the connection was cut on purpose: both end this answer, nothing else.
  await pipeline(Readable.from(pieces), response).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error
  })
}
