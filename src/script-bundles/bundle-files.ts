import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import { list, type ReadEntry } from 'tar'

/** A file in a bundle. A link has no hash, but a target. */
export interface BundleFile {
  path: string
  size: number
  sha256?: string
  link?: string
}

const MAX_FILES = 20_000
const MAX_BYTES = 2 * 1000 ** 3
const STRICT = { strict: true, maxDecompressionRatio: 200 }

/** The files in a .tgz, in the order of their paths. Throws where it is none, is empty or of an unreasonable size. */
export async function readBundleFiles(archive: string): Promise<BundleFile[]> {
  const files: BundleFile[] = []
  let bytes = 0
  let whole = false
  const parser = list({
    ...STRICT,
    onReadEntry(entry) {
      bytes += entry.size
      if (entry.type !== 'Directory') files.push(readEntry(entry))
      if (files.length > MAX_FILES) parser.abort(new Error(`it holds more than ${MAX_FILES} files`))
      if (bytes > MAX_BYTES) parser.abort(new Error(`it holds more than ${MAX_BYTES} bytes`))
    },
  })
  parser.on('nullBlock', () => {
    whole = true
  })
  const ended = new Promise((resolve, reject) => parser.on('close', resolve).on('error', reject))
  await Promise.all([pipeline(createReadStream(archive), parser), ended])
  if (files.length === 0) throw new Error('it is empty')
  if (!whole) throw new Error('it breaks off')
  return files.sort((a, b) => (a.path < b.path ? -1 : 1))
}

function readEntry(entry: ReadEntry): BundleFile {
  const path = entry.path.replace(/^(\.\/)+/, '')
  const file: BundleFile = { path, size: entry.size }
  if (entry.linkpath) return Object.assign(file, { link: entry.linkpath })
  const hash = createHash('sha256')
  entry.on('data', chunk => hash.update(chunk))
  entry.on('end', () => {
    file.sha256 = hash.digest('hex')
  })
  return file
}

export interface BundleChanges {
  added: string[]
  removed: string[]
  changed: string[]
}

export function compareBundles(before: BundleFile[], after: BundleFile[]): BundleChanges {
  const [old, now] = [byPath(before), byPath(after)]
  return {
    added: [...now.keys()].filter(path => !old.has(path)),
    removed: [...old.keys()].filter(path => !now.has(path)),
    changed: [...now.keys()].filter(path => old.has(path) && old.get(path) !== now.get(path)),
  }
}

const byPath = (files: BundleFile[]) =>
  new Map(files.map(({ path, sha256, link }) => [path, link ?? sha256] as const))
