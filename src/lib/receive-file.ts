import { createHash, randomUUID } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { AppError } from './errors.ts'

export interface ReceivedFile {
  path: string
  sha256: string
  size: number
}

/** Writes what is sent to a file of its own, which the caller removes or keeps. Throws 413 beyond `maxBytes`. */
export async function receiveFile(
  folder: string,
  source: Readable,
  { maxBytes, suffix }: { maxBytes: number; suffix: string },
): Promise<ReceivedFile> {
  await mkdir(folder, { recursive: true })
  const path = join(folder, `${randomUUID()}${suffix}`)
  const hash = createHash('sha256')
  let size = 0
  async function* measured() {
    // An answer needs the connection, which the end of the loop would close.
    for await (const chunk of source.iterator({ destroyOnReturn: false })) {
      size += chunk.length
      if (size > maxBytes) throw new AppError('errors:too_large', { limit: maxBytes }, { status: 413 })
      hash.update(chunk)
      yield chunk
    }
  }
  try {
    await pipeline(measured, createWriteStream(path, { flags: 'wx', flush: true }))
  } catch (error) {
    await rm(path, { force: true })
    throw error
  }
  return { path, sha256: hash.digest('hex'), size }
}
