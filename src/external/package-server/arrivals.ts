import type { Readable } from 'node:stream'

/** So much of a body waits for whoever takes it. */
const MOST_BYTES = 2 * 1024 * 1024

/**
 * What has arrived of a body and was not taken yet: the faster it comes, the larger the pieces that are taken. A stream
 * that is read later would drop what arrived before a connection broke.
 */
export class Arrivals {
  readonly #body: Readable
  readonly #pieces: Buffer[] = []
  #bytes = 0
  #end: { error: Error | null } | null = null
  #news = Promise.withResolvers<void>()
  /** For all pieces that are taken: new ones would be a garbage collection for every few of them. */
  #buffer = Buffer.alloc(0)

  constructor(body: Readable) {
    this.#body = body
    body.on('data', (piece: Buffer) => this.#keep(piece))
    body.on('end', () => this.#endWith(null))
    body.on('error', error => this.#endWith(error))
  }

  /**
   * All that has arrived, once there is any; null at the end. Throws what broke the connection, after all else. The next
   * piece overwrites it.
   */
  async take(): Promise<Buffer | null> {
    while (this.#bytes === 0 && !this.#end) {
      this.#news = Promise.withResolvers()
      await this.#news.promise
    }
    if (this.#bytes > 0) return this.#takePieces()
    if (this.#end?.error) throw this.#end.error
    return null
  }

  #takePieces(): Buffer {
    if (this.#buffer.length < this.#bytes) this.#buffer = Buffer.alloc(2 * this.#bytes)
    let bytes = 0
    for (const piece of this.#pieces.splice(0)) bytes += piece.copy(this.#buffer, bytes)
    this.#bytes = 0
    this.#body.resume()
    return this.#buffer.subarray(0, bytes)
  }

  #keep(piece: Buffer): void {
    this.#pieces.push(piece)
    this.#bytes += piece.length
    if (this.#bytes >= MOST_BYTES) this.#body.pause()
    this.#news.resolve()
  }

  #endWith(error: Error | null): void {
    this.#end ??= { error }
    this.#news.resolve()
  }
}
