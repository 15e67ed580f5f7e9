import { mkdir, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import pMap from 'p-map'
import { exchange, HttpError } from '../../http-client.ts'
import { beside, normalise } from '../address.ts'
import { isJson } from '../report-file.ts'
import {
  fileBelow,
  KEEP_LIMITS,
  type KeepLimits,
  type KeepOptions,
  type KeptFiles,
  safePath,
} from './limits.ts'
import { decoded, referencesIn, WELL_KNOWN } from './references.ts'

const CONCURRENCY = 6
const TIMEOUT_MS = 30_000
const AT_ONCE = 200

interface Mirror {
  root: URL
  folder: string
  options: KeepOptions
  limits: KeepLimits
  deadline: number
  seen: Set<string>
  kept: Omit<KeptFiles, 'entry'>
}

/**
 * Fetches a report page by page into a folder: from its own address and below it alone. Throws HttpError where its
 * start page cannot be fetched.
 */
export async function mirrorReport(
  reportUrl: string,
  folder: string,
  options: KeepOptions = {},
): Promise<KeptFiles> {
  const { root, entry, isFolder } = placeOf(reportUrl)
  const limits = { ...KEEP_LIMITS, ...options.limits }
  const kept = { files: 0, bytes: 0, cut: false }
  const deadline = performance.now() + limits.ms
  const mirror: Mirror = { root, folder, options, limits, deadline, seen: new Set([entry]), kept }
  const first = await fetchFile(mirror, entry)
  let next = unseen(mirror, [...(await keep(mirror, entry, first)), ...(isFolder ? WELL_KNOWN : [])])
  while (next.length && !isOver(mirror)) {
    const found = await pMap(next.splice(0, AT_ONCE), path => fetchIfThere(mirror, path), {
      concurrency: CONCURRENCY,
    })
    next = [...next, ...unseen(mirror, found.flat())]
  }
  return { ...kept, entry }
}

/** A report is a folder with an index.html, or a single page. */
function placeOf(reportUrl: string): { root: URL; entry: string; isFolder: boolean } {
  const address = normalise(reportUrl)
  if (!address) throw refused('report:not_http', reportUrl)
  const { url } = address
  const name = url.pathname.slice(url.pathname.lastIndexOf('/') + 1)
  if (/\.(html?|xml)$/i.test(name)) {
    const entry = decoded(name)
    if (!entry || entry.includes('/') || !safePath(entry)) throw refused('report:bad_name', reportUrl)
    return { root: url, entry, isFolder: false }
  }
  if (!url.pathname.endsWith('/')) url.pathname += '/'
  return { root: url, entry: 'index.html', isFolder: true }
}

const refused = (key: string, url: string) => new HttpError(key, { url }, { permanent: true })

function isOver({ deadline, kept, limits, options }: Mirror): boolean {
  options.signal?.throwIfAborted()
  if (performance.now() < deadline && kept.files < limits.files && kept.bytes < limits.bytes) return false
  kept.cut = true
  return true
}

function unseen({ seen }: Mirror, paths: string[]): string[] {
  const fresh = [...new Set(paths)].filter(path => safePath(path) && !seen.has(path))
  for (const path of fresh) seen.add(path)
  return fresh
}

async function fetchIfThere(mirror: Mirror, path: string): Promise<string[]> {
  if (isOver(mirror)) return []
  try {
    return await keep(mirror, path, await fetchFile(mirror, path))
  } catch (error) {
    if (!(error instanceof HttpError)) throw error
    if (error.key === 'http:too_large') mirror.kept.cut = true
    return []
  }
}

async function fetchFile({ root, options, limits, kept }: Mirror, path: string): Promise<Buffer> {
  const url = beside(root, path.split('/').map(encodeURIComponent).join('/'))
  const { status, body } = await exchange(url.href, {
    ...{ timeoutMs: TIMEOUT_MS, maxBytes: Math.min(limits.fileBytes, limits.bytes - kept.bytes) },
    ...{ signal: options.signal, egress: options.egress },
  })
  if (status !== 200)
    throw new HttpError('report:status', { url: url.href, status }, { permanent: status < 500 })
  // A web application may answer any path with its start page.
  if (isJson(url) && /^\s*</.test(body.toString('latin1', 0, 100)))
    throw new HttpError('report:html', { url: url.href }, { permanent: true })
  return body
}

async function keep(mirror: Mirror, path: string, body: Buffer): Promise<string[]> {
  const file = fileBelow(mirror.folder, path)
  await mkdir(dirname(file), { recursive: true })
  await writeFile(file, body)
  mirror.kept.files += 1
  mirror.kept.bytes += body.length
  return referencesIn(path, body)
}
