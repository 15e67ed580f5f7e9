import { createReadStream } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { dirname, isAbsolute, join, normalize } from 'node:path'
import { extract, list, type Parser, type ReadEntry } from 'tar'

const MAX_ENTRIES = 200_000
const MAX_BYTES = 20 * 1000 ** 3
const MAX_PATH = 4000
/** What a real package is compressed by is far below. */
const STRICT = { strict: true, maxDecompressionRatio: 200 }

export interface UnpackLimits {
  maxEntries?: number
  maxBytes?: number
}

export class ArchiveError extends Error {
  constructor(archive: string, problem: string, options?: ErrorOptions) {
    super(`${archive} cannot be unpacked: ${problem}`, options)
    this.name = 'ArchiveError'
  }
}

/**
 * Unpacks a .tgz into a folder that is made for it. The whole archive is read first: one with a name or a link that
 * leads out of the folder, with a device, or of an unreasonable size is refused before anything of it is written.
 */
export async function unpack(
  archive: string,
  folder: string,
  { strip, signal, ...limits }: UnpackLimits & { strip?: number; signal: AbortSignal },
): Promise<void> {
  try {
    const names = await inspect(archive, limits, signal)
    await mkdir(folder, { recursive: true })
    const sink = extract({
      ...{ cwd: folder, ...STRICT, preserveOwner: false, strip: strip ?? leadingFolder(names) },
      filter: (_, entry) => dropSpecialBits(entry as ReadEntry),
    })
    await feed(archive, sink, signal)
  } catch (error) {
    signal.throwIfAborted()
    throw new ArchiveError(archive, (error as Error).message, { cause: error })
  }
}

async function inspect(
  archive: string,
  { maxEntries = MAX_ENTRIES, maxBytes = MAX_BYTES }: UnpackLimits,
  signal: AbortSignal,
): Promise<string[]> {
  const names: string[] = []
  let bytes = 0
  let whole = false
  const parser = list({
    ...STRICT,
    onReadEntry(entry) {
      names.push(entry.path)
      bytes += entry.size
      const problem =
        problemOf(entry) ??
        (names.length > maxEntries ? `it holds more than ${maxEntries} files` : null) ??
        (bytes > maxBytes ? `it holds more than ${maxBytes} bytes` : null)
      if (problem !== null) parser.abort(new Error(problem))
    },
  })
  parser.on('nullBlock', () => {
    whole = true
  })
  await feed(archive, parser, signal)
  if (names.length === 0) throw new Error('it is empty')
  if (!whole) throw new Error('it breaks off')
  return names
}

function feed(archive: string, sink: Parser, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const source = createReadStream(archive, { signal })
    const fail = (error: unknown) => {
      source.destroy()
      reject(error)
    }
    source.on('error', fail)
    sink.on('error', fail)
    sink.on('close', () => resolve())
    source.pipe(sink)
  })
}

const TYPES = ['File', 'OldFile', 'ContiguousFile', 'Directory', 'SymbolicLink', 'Link']

function problemOf({ path, type, linkpath = '' }: ReadEntry): string | null {
  if (path.length > MAX_PATH) return `a name has ${path.length} characters`
  if (leadsOut(path)) return `the name "${path}" leads out of the package`
  if (!TYPES.includes(type)) return `"${path}" is neither a file nor a folder nor a link, but a ${type}`
  // A symbolic link is read from where it lies, a hard link from the top.
  const target = type === 'SymbolicLink' ? join(dirname(path), linkpath) : linkpath
  if (['SymbolicLink', 'Link'].includes(type) && (isAbsolute(linkpath) || leadsOut(target)))
    return `the link "${path}" leads out of the package, to "${linkpath}"`
  return null
}

function leadsOut(path: string): boolean {
  return isAbsolute(path) || normalize(path).split('/').includes('..')
}

function dropSpecialBits(entry: ReadEntry): true {
  if (entry.mode !== undefined) entry.mode &= 0o777
  return true
}

/** 1 where everything lies in one folder, as packages are usually made. What was packed as `.` has none. */
function leadingFolder(names: string[]): number {
  const [first, ...others] = names.map(name => name.split('/')[0])
  if (first === '.' || others.some(other => other !== first)) return 0
  return names.some(name => /\/[^/]/.test(name)) ? 1 : 0
}
