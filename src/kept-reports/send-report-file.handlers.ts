import { type FileHandle, open } from 'node:fs/promises'
import { join } from 'node:path'
import type { Request, Response } from 'express'
import { notFound } from '../lib/errors.ts'

const PAGE = /\.html?$/i
const HEAD_BYTES = 64 * 1024

/** In a sandbox storage is refused with an error, which reports do not expect. */
const STORAGE = `<script>for (const name of ['localStorage', 'sessionStorage']) {
  const kept = new Map()
  const storage = {
    getItem: key => kept.get(String(key)) ?? null,
    setItem: (key, value) => void kept.set(String(key), String(value)),
    removeItem: key => void kept.delete(String(key)),
    clear: () => kept.clear(),
    key: index => [...kept.keys()][index] ?? null,
    get length() { return kept.size },
  }
  Object.defineProperty(window, name, { value: storage, configurable: true })
}</script>`

/** Sends a file of a report. What it runs has neither cookies nor our origin, and reaches nothing but the report. */
export async function sendReportFile(
  { req, res }: { req: Request; res: Response },
  folder: string,
  path: string,
): Promise<void> {
  const name = path === '' || path.endsWith('/') ? `${path}index.html` : path
  setHeaders(req, res)
  if (PAGE.test(name)) await sendPage(res, folder, name)
  else await sendAsItIs(res, folder, name)
}

function setHeaders(req: Request, res: Response): void {
  res.set({
    'Content-Security-Policy': policyFor(req),
    'Access-Control-Allow-Origin': '*',
    'Cross-Origin-Resource-Policy': 'cross-origin',
    'Referrer-Policy': 'no-referrer',
    'Cache-Control': 'private, max-age=3600',
  })
  res.removeHeader('X-Frame-Options')
  res.removeHeader('Cross-Origin-Opener-Policy')
}

function policyFor(req: Request): string {
  const [, root = '/'] = /^(\/kept-reports\/[^/]+\/[^/]+\/)/.exec(req.originalUrl) ?? []
  const own = `${req.protocol}://${req.get('host')}${root}`
  return [
    'sandbox allow-scripts allow-popups allow-downloads allow-modals',
    "default-src 'none'",
    `script-src ${own} 'unsafe-inline' 'unsafe-eval' blob:`,
    `style-src ${own} 'unsafe-inline'`,
    ...['img-src', 'media-src', 'font-src', 'connect-src', 'frame-src', 'worker-src'].map(
      directive => `${directive} ${own} data: blob:`,
    ),
    `base-uri ${own}`,
    "form-action 'none'",
  ].join('; ')
}

async function sendPage(res: Response, folder: string, name: string): Promise<void> {
  const file = await openBelow(folder, name)
  try {
    const { size } = await file.stat()
    const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0)
    const start = buffer.subarray(0, bytesRead)
    const at = placeOfScript(start)
    res.type('html').set('Content-Length', `${size + Buffer.byteLength(STORAGE)}`)
    res.write(start.subarray(0, at))
    res.write(STORAGE)
    res.write(start.subarray(at))
    for await (const chunk of file.createReadStream({ start: bytesRead, autoClose: false })) {
      if (!res.write(chunk)) await new Promise(resolve => res.once('drain', resolve).once('close', resolve))
      if (res.closed) return
    }
    res.end()
  } finally {
    await file.close()
  }
}

/** At the start of the head; before a doctype it would change how the page is shown. */
function placeOfScript(start: Buffer): number {
  const text = start.toString('latin1')
  const found =
    /<head[^>]{0,500}>/i.exec(text) ?? /<html[^>]{0,500}>/i.exec(text) ?? /<!doctype[^>]{0,500}>/i.exec(text)
  return found ? found.index + found[0].length : 0
}

async function openBelow(folder: string, name: string): Promise<FileHandle> {
  if (name.split('/').some(part => part === '..' || part.includes('\\') || part.includes('\0')))
    throw notFound('kept:no_file')
  const file = await open(join(folder, name)).catch(() => null)
  if (!file) throw notFound('kept:no_file')
  return file
}

function sendAsItIs(res: Response, root: string, name: string): Promise<void> {
  const options = { root, dotfiles: 'allow', cacheControl: false, index: false } as const
  return new Promise((sent, fail) =>
    // Once it has begun, an error is of who fetches it.
    res.sendFile(name, options, error =>
      error && !res.headersSent ? fail(notFound('kept:no_file')) : sent(),
    ),
  )
}
