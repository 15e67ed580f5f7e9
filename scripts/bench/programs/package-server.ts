// A package server with one package of as many megabytes as the argument says, and its checksum. The package is made
// of gzip members of 1 MB, of sixteen kinds in a mixed order.
import { createHash, randomBytes } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { gzipSync } from 'node:zlib'

const NAME = 'cds-5.3.9-c54239ed_x86_64-linux-gnu_20240626_release.tgz'
const ETAG = '"bench"'

const members = Number(process.argv[2])
const kinds = Array.from({ length: 16 }, () => gzipSync(randomBytes(1_000_000), { level: 0 }))
const size = members * (kinds[0]?.length ?? 0)

function* content(): Generator<Buffer> {
  for (let i = 0; i < members; i++) yield kinds[(i * i + (i >> 4)) % 16] ?? Buffer.alloc(0)
}

const hash = createHash('sha256')
for (const piece of content()) hash.update(piece)
const sums = `${hash.digest('hex')}  ${NAME}\n`

const server = createServer(async (request, response) => {
  if (request.url?.endsWith('/'))
    return void response.end(`<a href="${NAME}">${NAME}</a> <a href="SHA256SUMS">SHA256SUMS</a>`)
  if (request.url?.endsWith('SHA256SUMS')) return void response.end(sums)
  if (request.headers['if-none-match'] === ETAG) return void response.writeHead(304, { etag: ETAG }).end()
  response.writeHead(200, { etag: ETAG, 'content-length': size })
  await pipeline(Readable.from(content()), response)
})
server.listen(0, '127.0.0.1', () => {
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  process.send?.({ url, packagePath: 'CDN/Core/bench', name: NAME, size })
})
process.on('disconnect', () => process.exit())
