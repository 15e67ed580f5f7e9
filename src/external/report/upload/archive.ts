import { buffer } from 'node:stream/consumers'
import { list, type ReadEntry } from 'tar'
import yauzl, { type Entry } from 'yauzl'
import { AppError, invalid } from '../../../lib/errors.ts'
import { feedTgz } from '../feed-tgz.ts'

/** Nothing of an archive is written to the disk; what is not wanted is not even kept in memory. */
export interface ArchiveReader {
  wants(name: string): boolean
  read(name: string, body: Buffer): void
}

const MAX_ENTRIES = 50_000
const MAX_BYTES = 1000 ** 3
const MAX_FILE_BYTES = 64 * 1024 ** 2
/** gzip itself comes to about 1000. */
const TAR = { strict: true, maxDecompressionRatio: 1_100 }
const TAR_FILES = ['File', 'OldFile', 'ContiguousFile']

export async function readZip(path: string, reader: ArchiveReader): Promise<void> {
  try {
    const zip = await yauzl.openPromise(path)
    const limits = createLimits()
    for await (const entry of zip.eachEntry()) {
      limits.check(entry.fileName, entry.uncompressedSize)
      if (isLink(entry)) throw invalid('upload:link', { name: entry.fileName })
      if (entry.isEncrypted()) throw invalid('upload:encrypted', { name: entry.fileName })
      if (entry.fileName.endsWith('/') || !reader.wants(entry.fileName)) continue
      limits.checkFile(entry.fileName, entry.uncompressedSize)
      // Ends with an error where an entry inflates to more than it says.
      reader.read(entry.fileName, await buffer(await zip.openReadStreamPromise(entry)))
    }
  } catch (error) {
    throw asProblem(error)
  }
}

/** The upper half holds the file mode of Unix. */
function isLink({ externalFileAttributes }: Entry): boolean {
  return ((externalFileAttributes >>> 16) & 0o170000) === 0o120000
}

export async function readTgz(path: string, reader: ArchiveReader): Promise<void> {
  const limits = createLimits()
  let problem: unknown
  let whole = false
  const parser = list({
    ...TAR,
    onReadEntry(entry) {
      try {
        if (!problem) readTarEntry(entry, reader, limits)
      } catch (error) {
        problem = error
      }
    },
  })
  parser.on('nullBlock', () => {
    whole = true
  })
  const check = () => {
    if (problem) throw problem
  }
  await feedTgz(path, parser, check).catch(error => {
    throw asProblem(problem ?? error)
  })
  if (!whole) throw invalid('upload:broken', { reason: 'it breaks off' })
}

function readTarEntry(entry: ReadEntry, reader: ArchiveReader, limits: Limits): void {
  const name = entry.path.replace(/^(\.\/)+/, '')
  limits.check(name, entry.size)
  if (entry.type === 'Directory') return
  if (!TAR_FILES.includes(entry.type)) throw invalid('upload:link', { name })
  if (!reader.wants(name)) return
  limits.checkFile(name, entry.size)
  const chunks: Buffer[] = []
  entry.on('data', chunk => chunks.push(chunk))
  entry.on('end', () => reader.read(name, Buffer.concat(chunks)))
}

type Limits = ReturnType<typeof createLimits>

function createLimits() {
  let [entries, bytes] = [0, 0]
  return {
    check(name: string, size: number) {
      entries += 1
      bytes += size
      if (entries > MAX_ENTRIES) throw invalid('upload:too_many_entries', { max: MAX_ENTRIES })
      if (bytes > MAX_BYTES) throw tooLarge('upload:too_large_inside', { max: MAX_BYTES })
      if (/^([/\\]|[a-z]:)/i.test(name) || name.split(/[/\\]/).includes('..'))
        throw invalid('upload:path', { name })
    },
    checkFile(name: string, size: number) {
      if (size > MAX_FILE_BYTES) throw tooLarge('upload:file_too_large', { name, max: MAX_FILE_BYTES })
    },
  }
}

const tooLarge = (key: string, params: { name?: string; max: number }) =>
  new AppError(key, params, { status: 413 })

function asProblem(error: unknown): AppError {
  if (error instanceof AppError) return error
  const { message } = error as Error
  const [, name] =
    /^(?:absolute path|invalid relative path|invalid characters in fileName): (.*)$/s.exec(message) ?? []
  return name === undefined ? invalid('upload:broken', { reason: message }) : invalid('upload:path', { name })
}
