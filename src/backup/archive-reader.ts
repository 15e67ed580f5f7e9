import { createReadStream } from 'node:fs'
import { pipeline } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { Header } from 'tar'

const BLOCK = 512

export interface Entry {
  path: string
  size: number
  /** To be read to its end before the next entry. */
  pieces(): AsyncGenerator<Buffer>
}

/** The entries of a `.tar.gz` in order; memory holds a piece at a time. */
export async function* readArchive(file: string): AsyncGenerator<Entry> {
  const gunzip = createGunzip()
  // An error reaches whoever reads.
  const source = pipeline(createReadStream(file), gunzip, () => {})
  const bytes = createByteReader(source)
  let longPath: string | null = null
  try {
    for (;;) {
      const block = await bytes.read(BLOCK)
      if (block === null || block.every(byte => byte === 0)) return
      const header = new Header(block)
      if (!header.cksumValid || header.path === undefined) throw new Error('an entry has no valid header')
      const size = header.size ?? 0
      if (header.type === 'ExtendedHeader') longPath = await readLongPath(bytes, size)
      else {
        yield* oneEntry(bytes, longPath ?? header.path, size)
        longPath = null
      }
    }
  } finally {
    gunzip.destroy()
  }
}

const MOST_PATH = 64 * 1024

/** The path of the entry that follows. */
async function readLongPath(bytes: ByteReader, size: number): Promise<string> {
  if (size > MOST_PATH) throw new Error('an entry has no valid header')
  const block = await bytes.read(Math.ceil(size / BLOCK) * BLOCK)
  const [, path] = /^\d+ path=(.+)\n$/s.exec(block?.toString('utf8', 0, size) ?? '') ?? []
  if (path === undefined) throw new Error('an entry has no valid header')
  return path
}

async function* oneEntry(bytes: ByteReader, path: string, size: number): AsyncGenerator<Entry> {
  let left = size
  async function* pieces(): AsyncGenerator<Buffer> {
    while (left > 0) {
      const piece = await bytes.some(left)
      left -= piece.length
      yield piece
    }
  }
  yield { path, size, pieces }
  for await (const _rest of pieces()) {
    // What the reader of the entry has left.
  }
  const padding = (BLOCK - (size % BLOCK)) % BLOCK
  if (padding) await bytes.read(padding)
}

interface ByteReader {
  /** Null at the end. */
  read(size: number): Promise<Buffer | null>
  /** At least one byte, at most `most`. */
  some(most: number): Promise<Buffer>
}

function createByteReader(source: AsyncIterable<Buffer>): ByteReader {
  const iterator = source[Symbol.asyncIterator]()
  let rest: Buffer = Buffer.alloc(0)

  async function fill(): Promise<boolean> {
    const { value, done } = await iterator.next()
    if (done) return false
    rest = value
    return true
  }

  async function some(most: number): Promise<Buffer> {
    while (rest.length === 0) if (!(await fill())) throw new Error('it ends in the middle')
    const piece = rest.subarray(0, most)
    rest = rest.subarray(piece.length)
    return piece
  }

  return {
    some,
    async read(size) {
      if (rest.length === 0 && !(await fill())) return null
      const pieces: Buffer[] = []
      for (let left = size; left > 0; left -= pieces.at(-1)?.length ?? 0) pieces.push(await some(left))
      return Buffer.concat(pieces)
    },
  }
}
