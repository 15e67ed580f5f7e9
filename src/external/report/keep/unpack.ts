import { readdir } from 'node:fs/promises'
import { extract, type ReadEntry } from 'tar'
import { invalid } from '../../../lib/errors.ts'
import { feedTgz } from '../feed-tgz.ts'
import { KEEP_LIMITS, type KeepLimits, type KeepOptions, type KeptFiles, safePath } from './limits.ts'

const FILES = ['File', 'OldFile', 'ContiguousFile']
const PAGE = /(^|\/)index\.html?$/i
/** What is left out takes time, too. */
const MOST_READ = 2

/** Unpacks a report's .tgz: plain files alone, within the limits. Throws where it is none, or far beyond them. */
export async function unpackReport(
  archive: string,
  folder: string,
  options: Omit<KeepOptions, 'egress'> = {},
): Promise<KeptFiles> {
  const limits = { ...KEEP_LIMITS, ...options.limits }
  const kept = { files: 0, bytes: 0, cut: false }
  const fits = createFilter(limits, kept)
  const check = createCheck(limits, options.signal)
  const filter = (path: string, entry: ReadEntry) => {
    check.count(entry)
    if (!FILES.includes(entry.type)) return false
    if (!fits(path.replace(/^(\.\/)+/, ''), entry.size)) {
      kept.cut = true
      return false
    }
    kept.files += 1
    kept.bytes += entry.size
    return true
  }
  const parser = extract({
    ...{ cwd: folder, strict: true, maxDecompressionRatio: 1_100 },
    filter: (path, entry) => filter(path, entry as ReadEntry),
  })
  await feedTgz(archive, parser, check.proceed)
  return { ...kept, entry: await findEntry(folder) }
}

type Kept = Pick<KeptFiles, 'files' | 'bytes'>

function createFilter(limits: KeepLimits, kept: Kept) {
  const folders = new Set<string>()
  return (path: string, size: number): boolean => {
    if (!safePath(path)) return false
    if (size > limits.fileBytes || kept.files >= limits.files || kept.bytes + size > limits.bytes)
      return false
    const parts = path.split('/')
    for (let depth = 1; depth < parts.length; depth += 1) folders.add(parts.slice(0, depth).join('/'))
    return folders.size <= limits.files
  }
}

function createCheck(limits: KeepLimits, signal: AbortSignal | undefined) {
  const deadline = performance.now() + limits.ms
  let [entries, bytes] = [0, 0]
  return {
    count({ size }: ReadEntry) {
      entries += 1
      bytes += size
    },
    proceed() {
      signal?.throwIfAborted()
      const isOver = entries > MOST_READ * limits.files || bytes > MOST_READ * limits.bytes
      if (isOver || performance.now() > deadline) throw invalid('kept:too_large')
    },
  }
}

/** The outermost start page: archives hold a report, or a folder with it. */
async function findEntry(folder: string): Promise<string> {
  const depthOf = (path: string) => path.split('/').length
  const paths = (await readdir(folder, { recursive: true })).map(path => path.replaceAll('\\', '/'))
  const [page] = paths.filter(path => PAGE.test(path)).sort((a, b) => depthOf(a) - depthOf(b))
  const [only] = paths.filter(path => /\.(html?|xml)$/i.test(path))
  const entry = page ?? only
  if (!entry) throw invalid('kept:no_page', { folder })
  return entry
}
