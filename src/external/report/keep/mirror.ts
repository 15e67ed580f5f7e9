import pMap from 'p-map'
import { HttpError } from '../../http-client.ts'
import { normalise } from '../address.ts'
import { type Fetching, fetchFile } from './fetch-file.ts'
import { KEEP_LIMITS, type KeepOptions, type KeptFiles, safePath } from './limits.ts'
import { decoded, WELL_KNOWN } from './references.ts'

const CONCURRENCY = 6
const AT_ONCE = 200

interface Mirror extends Fetching {
  deadline: number
  seen: Set<string>
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
  let next = unseen(mirror, [...(await fetchFile(mirror, entry)), ...(isFolder ? WELL_KNOWN : [])])
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

/** A name that the folder cannot hold, or not beside another of the report. */
const UNSTORABLE = ['ENAMETOOLONG', 'EEXIST', 'ENOTDIR', 'EISDIR']

async function fetchIfThere(mirror: Mirror, path: string): Promise<string[]> {
  if (isOver(mirror)) return []
  try {
    return await fetchFile(mirror, path)
  } catch (error) {
    const isUnstorable = UNSTORABLE.includes(String((error as NodeJS.ErrnoException).code))
    if (!isUnstorable && !(error instanceof HttpError)) throw error
    if (isUnstorable || (error as HttpError).key === 'http:too_large') mirror.kept.cut = true
    return []
  }
}
