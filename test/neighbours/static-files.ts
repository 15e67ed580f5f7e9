import { createReadStream, type Stats } from 'node:fs'
import { stat } from 'node:fs/promises'
import { extname, join } from 'node:path'
import type { Readable } from 'node:stream'
import type { Answer, SeenRequest } from './http-neighbour.ts'

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.tgz': 'application/gzip',
  '.xml': 'text/xml; charset=utf-8',
}

export const NOT_FOUND: Answer = {
  status: 404,
  headers: { 'content-type': 'text/html' },
  body: '<html><head><title>404 Not Found</title></head><body><h1>404 Not Found</h1></body></html>\n',
}

/** The decoded path below `root` that a request names, and what is there; undefined where nothing is. */
export async function locate(
  root: string,
  { url }: SeenRequest,
): Promise<{ path: string; pathname: string; stats: Stats } | undefined> {
  const pathname = decodeURIComponent(new URL(url, 'http://localhost').pathname)
  const path = join(root, pathname)
  if (path !== root && !path.startsWith(join(root, '/'))) return undefined
  const stats = await stat(path).catch(() => undefined)
  return stats && { path, pathname, stats }
}

/** A file as nginx serves it: validators, HEAD, one Range, If-Range. */
export function serveFile(path: string, stats: Stats, { headers }: SeenRequest): Answer {
  const validators = {
    etag: `"${Math.floor(stats.mtimeMs).toString(16)}-${stats.size.toString(16)}"`,
    'last-modified': stats.mtime.toUTCString(),
  }
  const common = {
    'content-type': TYPES[extname(path)] ?? 'application/octet-stream',
    'accept-ranges': 'bytes',
    ...validators,
  }
  if (headers['if-none-match'] === validators.etag) return { status: 304, headers: common }
  const unchanged = [undefined, ...Object.values(validators)].includes(headers['if-range']?.toString())
  const range = unchanged ? requestedRange(headers.range, stats.size) : 'whole'
  if (range === 'whole') return whole(path, stats.size, common)
  if (!range) return { status: 416, headers: { ...common, 'content-range': `bytes */${stats.size}` } }
  return {
    status: 206,
    headers: {
      ...common,
      'content-length': `${range.end - range.start + 1}`,
      'content-range': `bytes ${range.start}-${range.end}/${stats.size}`,
    },
    body: part(path, range.start, range.end),
  }
}

function whole(path: string, size: number, headers: Record<string, string>): Answer {
  return { headers: { ...headers, 'content-length': `${size}` }, body: part(path, 0, size - 1) }
}

/** Exactly what was promised, even if the file grows meanwhile. */
function part(path: string, start: number, end: number): string | Readable {
  return start > end ? '' : createReadStream(path, { start, end })
}

function requestedRange(range: string | undefined, size: number) {
  const [, first, last] = /^bytes=(\d+)-(\d*)$/.exec(range ?? '') ?? []
  if (first === undefined) return 'whole'
  const start = Number(first)
  const end = last ? Math.min(Number(last), size - 1) : size - 1
  return start < size && start <= end ? { start, end } : null
}
