import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { gzipSync } from 'node:zlib'
import type { PackageChoice } from '../../../src/external/package-server/index.ts'

export const CORE = 'CDN/Core/20240626-story_container-c54239edb10ebf9266c4b97df0418e3b181e6fd6'
export const RELEASE = 'cds-5.3.9-c54239ed_x86_64-linux-gnu_20240626_release.tgz'
export const DEBUG = 'cds-5.3.9-c54239ed_x86_64-linux-gnu_20240626_debug.tgz'

/** A web server on loopback that ends with the test. Answers its address without a slash at the end. */
export async function serve(t: TestContext, handler: RequestListener): Promise<string> {
  const server = createServer(handler).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(async () => {
    server.closeAllConnections()
    server.close()
    await once(server, 'close')
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

/** A server that answers every request with that page. */
export function servePage(t: TestContext, body: string | Buffer, status = 200): Promise<string> {
  return serve(t, (_request, response) => void response.writeHead(status).end(body))
}

export async function temporaryFolder(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'crat-packages-'))
  t.after(() => rm(folder, { recursive: true, force: true }))
  return folder
}

/** A gzip file that does not shrink: its content is noise. */
export function makePackage(bytes = 1_000_000): Buffer {
  return gzipSync(randomBytes(bytes), { level: 1 })
}

export const sha256 = (data: Buffer) => createHash('sha256').update(data).digest('hex')
export const md5 = (data: Buffer) => createHash('md5').update(data).digest('hex')

/** The choice of `RELEASE`, as findPackage makes it at that server. */
export function choiceAt(server: string, changes: Partial<PackageChoice> = {}): PackageChoice {
  return {
    name: RELEASE,
    url: `${server}/${CORE}/${RELEASE}`,
    directory: `${server}/${CORE}/`,
    reason: 'only',
    seen: [RELEASE],
    seenCount: 1,
    checksumFiles: [],
    ...changes,
  }
}

/** A file on a server, with everything that can go wrong on the way. */
export interface ServedFile {
  content: Buffer
  etag?: string
  lastModified?: string
  ranges?: boolean
  /** Neither a length nor chunks: the end of the connection is the end of the file. */
  unsized?: boolean
  /** For each request in turn, after how many bytes of the body the connection is cut. */
  cuts?: number[]
  /** Called for each request, for one that wants to answer itself: true says that it has. */
  instead?: (request: IncomingMessage, response: ServerResponse, count: number) => boolean
}

/** Serves one file as nginx does. `requests` fills with what was asked, and `file` may be changed on the way. */
export async function serveFile(t: TestContext, file: ServedFile) {
  const requests: IncomingMessage['headers'][] = []
  const server = await serve(t, (request, response) => {
    requests.push(request.headers)
    if (!file.instead?.(request, response, requests.length)) answerWith(file, request, response)
  })
  return { server, requests, choice: choiceAt(server) }
}

function answerWith(file: ServedFile, request: IncomingMessage, response: ServerResponse): void {
  const { content, etag, lastModified } = file
  if (etag) response.setHeader('etag', etag)
  if (lastModified) response.setHeader('last-modified', lastModified)
  if (etag && request.headers['if-none-match'] === etag) return void response.writeHead(304).end()

  const start = startOf(file, request)
  if (start >= content.length && start > 0)
    return void response.writeHead(416, { 'content-range': `bytes */${content.length}` }).end()
  if (start > 0) response.setHeader('content-range', `bytes ${start}-${content.length - 1}/${content.length}`)
  if (file.unsized) response.setHeader('connection', 'close').removeHeader('transfer-encoding')
  else response.setHeader('content-length', content.length - start)
  response.writeHead(start > 0 ? 206 : 200)

  const cut = file.cuts?.shift()
  if (cut === undefined) response.end(content.subarray(start))
  else response.write(content.subarray(start, start + cut), () => request.socket.end())
}

function startOf({ ranges = true, etag, lastModified }: ServedFile, { headers }: IncomingMessage): number {
  const start = Number(/^bytes=(\d+)-$/.exec(headers.range ?? '')?.[1] ?? 0)
  const isSame = [undefined, etag, lastModified].includes(headers['if-range'] as string | undefined)
  return ranges && isSame ? start : 0
}

/** Five attempts without waiting in between. */
export const NO_PAUSES = [0, 0, 0, 0]
