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
  try {
    for (;;) {
      const block = await bytes.read(BLOCK)
      if (block === null || block.every(byte => byte === 0)) return
      const header = new Header(block)
      if (!header.cksumValid || header.path === undefined) throw new Error('an entry has no valid header')
      yield* oneEntry(bytes, header.path, header.size ?? 0)
    }
  } finally {
    gunzip.destroy()
  }
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
