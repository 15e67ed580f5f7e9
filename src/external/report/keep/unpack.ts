import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { extract, type ReadEntry } from 'tar'
import { invalid } from '../../../lib/errors.ts'
import { KEEP_LIMITS, type KeepLimits, type KeptFiles, safePath } from './limits.ts'

const FILES = ['File', 'OldFile', 'ContiguousFile']
const PAGE = /(^|\/)index\.html?$/i

/** Unpacks a report's .tgz: plain files alone, within the limits. Throws where it is none. */
export async function unpackReport(
  archive: string,
  folder: string,
  given: Partial<KeepLimits> = {},
): Promise<KeptFiles> {
  const limits = { ...KEEP_LIMITS, ...given }
  const kept = { files: 0, bytes: 0, cut: false }
  const keeps = (path: string, { type, size }: ReadEntry) => {
    if (type === 'Directory') return true
    if (!FILES.includes(type) || !safePath(path.replace(/^(\.\/)+/, ''))) return false
    if (size > limits.fileBytes || kept.files >= limits.files || kept.bytes + size > limits.bytes) {
      kept.cut = true
      return false
    }
    kept.files += 1
    kept.bytes += size
    return true
  }
  const options = { file: archive, cwd: folder, strict: true, maxDecompressionRatio: 1_100 }
  await extract({ ...options, filter: (path, entry) => keeps(path, entry as ReadEntry) })
  return { ...kept, entry: await findEntry(folder) }
}

/** The outermost start page: archives hold a report, or a folder with it. */
async function findEntry(folder: string): Promise<string> {
  const depthOf = (path: string) => path.split('/').length
  const paths = (await readdir(folder, { recursive: true })).map(path => path.replaceAll('\\', '/'))
  const [page] = paths.filter(path => PAGE.test(path)).sort((a, b) => depthOf(a) - depthOf(b))
  const [only] = paths.filter(path => /\.(html?|xml)$/i.test(path))
  const entry = page ?? only
  if (!entry) throw invalid('kept:no_page', { folder: join(folder) })
  return entry
}
