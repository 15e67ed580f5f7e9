// The service inside the demo's package: it delivers one file, in parts where asked, and says how long to cache it.
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'

export const manifest = JSON.parse(readFileSync(new URL('./manifest.json', import.meta.url), 'utf8'))
const content = Buffer.from('All the news that fits into one kilobyte. '.repeat(25)).subarray(0, 1024)

/** `bytes=0-99`, `bytes=100-` and `bytes=-5` of `size` bytes; null where there is no such part. */
export function parseRange(header, size) {
  const [, first, last] = /^bytes=(\d*)-(\d*)$/.exec(header) ?? []
  if (!first && !last) return null
  const start = first ? Number(first) : Math.max(0, size - Number(last))
  const end = first && last ? Math.min(Number(last), size - 1) : size - 1
  return start <= end && start < size ? { start, end } : null
}

/** Seconds that a shared cache may keep an answer with this Cache-Control. */
export function freshFor(cacheControl) {
  if (/\b(no-store|no-cache|private)\b/.test(cacheControl)) return 0
  const [, shared] = /\bs-maxage=(\d+)/.exec(cacheControl) ?? []
  const [, any] = /\bmax-age=(\d+)/.exec(cacheControl) ?? []
  return Number(shared ?? any ?? 0)
}

export function createService() {
  return createServer((req, res) => {
    if (req.url === '/health') return answer(res, 200, JSON.stringify({ status: 'ok' }))
    if (req.url === '/version') return answer(res, 200, JSON.stringify({ version: manifest.version }))
    if (req.url !== '/news') return answer(res, 404, 'not found')
    if (!req.headers.range) return answer(res, 200, content)
    const range = parseRange(req.headers.range, content.length)
    if (!range) return answer(res, 416, '')
    answer(res, 206, content.subarray(range.start, range.end + 1))
  })
}

function answer(res, status, body) {
  const shared = manifest.shared_caching === false ? '' : ', s-maxage=600'
  res.writeHead(status, { 'cache-control': `public, max-age=60${shared}` }).end(body)
}
