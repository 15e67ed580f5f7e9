import { open } from 'node:fs/promises'

const BLOCK_BYTES = 1024 * 1024

/** Memory that other threads read without a copy. */
const newBlock = () => new Uint8Array(new SharedArrayBuffer(BLOCK_BYTES))

/**
 * Joins pieces to blocks: one is filled while the one before is processed. What has arrived is processed at once
 * where nothing else is, so that nothing waits for a slow sender.
 */
export class Blocks {
  readonly #process: (block: Uint8Array) => Promise<void>
  #filling = newBlock()
  #spare = newBlock()
  #filled = 0
  #processing: Promise<void> | null = null
  #failure: { error: unknown } | null = null

  constructor(process: (block: Uint8Array) => Promise<void>) {
    this.#process = process
  }

  /** Waits while both blocks are in use. Throws what an earlier block's processing threw. */
  async add(piece: Uint8Array): Promise<void> {
    for (let taken = 0; taken < piece.length; ) {
      while (this.#filled === BLOCK_BYTES && this.#processing) await this.#processing
      if (this.#failure) throw this.#failure.error
      const next = piece.subarray(taken, taken + BLOCK_BYTES - this.#filled)
      this.#filling.set(next, this.#filled)
      this.#filled += next.length
      taken += next.length
      this.#processing ??= this.#processFilled()
    }
  }

  /** Waits until everything added is processed. */
  async end(): Promise<void> {
    while (this.#processing) await this.#processing
    if (this.#failure) throw this.#failure.error
  }

  async #processFilled(): Promise<void> {
    const block = this.#filling.subarray(0, this.#filled)
    ;[this.#filling, this.#spare] = [this.#spare, this.#filling]
    this.#filled = 0
    try {
      await this.#process(block)
    } catch (error) {
      this.#failure = { error }
    }
    this.#processing = this.#filled > 0 && !this.#failure ? this.#processFilled() : null
  }
}

/** Yields the beginning of a file, or all of it. A block is valid until the next. */
export async function* readBlocks(
  path: string,
  bytes: number,
  signal?: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const block = newBlock()
  const file = await open(path)
  try {
    for (let left = bytes; left > 0; ) {
      signal?.throwIfAborted()
      const { bytesRead } = await file.read(block, { length: Math.min(left, BLOCK_BYTES) })
      if (bytesRead === 0) return
      yield block.subarray(0, bytesRead)
      left -= bytesRead
    }
  } finally {
    await file.close()
  }
}
