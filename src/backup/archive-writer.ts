import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { open, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { finished } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import { Header, Pax } from 'tar'

const BLOCK = 512

export interface Sum {
  bytes: number
  sha256: string
}

/** A `.tar.gz` that is written piece by piece, and gets its name when it is whole. */
export interface ArchiveWriter {
  add(path: string, content: Buffer): Promise<void>
  /** `size` bytes, which `source` gives. */
  addStream(path: string, size: number, source: AsyncIterable<Buffer>): Promise<Sum>
  finish(): Promise<void>
  discard(): Promise<void>
}

export function createArchive(file: string): ArchiveWriter {
  const draft = `${file}.partial`
  const output = createWriteStream(draft, { mode: 0o600 })
  const gzip = createGzip({ level: 6 })
  gzip.pipe(output)
  const written = finished(output)
  // The next write fails with it; without a listener it would end the process before.
  written.catch(() => {})
  output.on('error', error => gzip.destroy(error))

  const write = async (bytes: Buffer) => {
    if (gzip.errored) throw gzip.errored
    if (!gzip.write(bytes)) await Promise.race([once(gzip, 'drain'), written])
  }
  const writeHeader = (path: string, size: number) => write(headerOf(path, size))
  const pad = (size: number) => write(Buffer.alloc((BLOCK - (size % BLOCK)) % BLOCK))

  return {
    async add(path, content) {
      await writeHeader(path, content.length)
      await write(content)
      await pad(content.length)
    },
    async addStream(path, size, source) {
      await writeHeader(path, size)
      const hash = createHash('sha256')
      let bytes = 0
      for await (const piece of source) {
        bytes += piece.length
        hash.update(piece)
        await write(piece)
      }
      if (bytes !== size) throw new Error(`${path} changed while it was read`)
      await pad(size)
      return { bytes, sha256: hash.digest('hex') }
    },
    async finish() {
      await write(Buffer.alloc(2 * BLOCK))
      gzip.end()
      await written
      await syncAndRename(draft, file)
    },
    async discard() {
      gzip.destroy()
      output.destroy()
      await rm(draft, { force: true })
    },
  }
}

/** A path that is long or not plain ASCII stands in an entry of its own, as in every `pax` archive. */
function headerOf(path: string, size: number): Buffer {
  const block = Buffer.alloc(BLOCK)
  const header = new Header({ path, size, mode: 0o600, mtime: new Date(), type: 'File', uid: 0, gid: 0 })
  return header.encode(block) ? Buffer.concat([new Pax({ path }).encode(), block]) : block
}

async function syncAndRename(draft: string, file: string): Promise<void> {
  for (const path of [draft, dirname(file)]) {
    const handle = await open(path, 'r')
    await handle.sync().finally(() => handle.close())
    if (path === draft) await rename(draft, file)
  }
}
