import { readBlocks } from './blocks.ts'
import { CheckThread } from './check-thread.ts'
import type { CheckMessage } from './check-worker.ts'
import type { Checksum } from './checksum.ts'
import { BrokenPackage } from './package-error.ts'

type Algorithm = Checksum['algorithm']
type Digests = Record<Algorithm, string | undefined> & { sha256: string }

export class StreamCheck {
  readonly #name: string
  readonly #thread: CheckThread

  /** `algorithm`: computed in addition to SHA-256. */
  constructor(name: string, algorithm: Algorithm | undefined) {
    this.#name = name
    this.#thread = new CheckThread({
      gzip: true,
      algorithms: algorithm === 'md5' ? ['sha256', 'md5'] : ['sha256'],
    })
  }

  async write(block: Uint8Array): Promise<void> {
    await this.#send(block)
  }

  async end(): Promise<Digests> {
    const [sha256 = '', md5] = await this.#send('end')
    return { sha256, md5 }
  }

  close(): Promise<void> {
    return this.#thread.close()
  }

  async #send(message: CheckMessage): Promise<string[]> {
    const { digests = [], broken } = await this.#thread.send(message)
    if (broken) throw new BrokenPackage(broken.key, { name: this.#name, ...broken.params })
    return digests
  }
}

export async function digestFile(path: string, algorithm: Algorithm, signal?: AbortSignal): Promise<string> {
  const thread = new CheckThread({ gzip: false, algorithms: [algorithm] })
  try {
    for await (const block of readBlocks(path, Infinity, signal)) await thread.send(block)
    const { digests: [digest = ''] = [] } = await thread.send('end')
    return digest
  } finally {
    await thread.close()
  }
}
