import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import type { Checksum } from './checksum.ts'
import { GzipCheck } from './gzip-check.ts'

type Algorithm = Checksum['algorithm']
type Digests = Partial<Record<Algorithm, string>> & { sha256: string }

export class StreamCheck {
  readonly #gzip: GzipCheck
  readonly #sha256 = createHash('sha256')
  readonly #md5

  constructor(name: string, algorithm: Algorithm | undefined) {
    this.#gzip = new GzipCheck(name)
    this.#md5 = algorithm === 'md5' ? createHash('md5') : null
  }

  async write(chunk: Uint8Array): Promise<void> {
    // In another thread, while this one computes the sums.
    const unpacked = this.#gzip.write(chunk)
    this.#sha256.update(chunk)
    this.#md5?.update(chunk)
    await unpacked
  }

  async end(): Promise<Digests> {
    await this.#gzip.end()
    const sha256 = this.#sha256.digest('hex')
    return this.#md5 ? { sha256, md5: this.#md5.digest('hex') } : { sha256 }
  }

  close(): void {
    this.#gzip.close()
  }
}

export async function digestFile(path: string, algorithm: Algorithm, signal?: AbortSignal): Promise<string> {
  const hash = createHash(algorithm)
  for await (const chunk of createReadStream(path, { highWaterMark: 1024 * 1024, signal })) hash.update(chunk)
  return hash.digest('hex')
}
