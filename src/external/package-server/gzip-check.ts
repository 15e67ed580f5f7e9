import { createGunzip } from 'node:zlib'
import { BrokenPackage } from './package-error.ts'

/** Discards the output piecewise: a small file that unpacks to a huge one costs time, not memory. */
export class GzipCheck {
  readonly #gunzip = createGunzip({ chunkSize: 1024 * 1024 })
  readonly #name: string
  readonly #magic: number[] = []
  #given = 0
  #error: Error | null = null
  #settle = () => {}

  constructor(name: string) {
    this.#name = name
    this.#gunzip.resume()
    this.#gunzip.on('error', error => {
      this.#error = error
      this.#settle()
    })
  }

  async write(chunk: Uint8Array): Promise<void> {
    const streamEnded = this.#given > this.#gunzip.bytesWritten
    this.#magic.push(...chunk.subarray(0, 2 - this.#magic.length))
    this.#given += chunk.length
    if (!streamEnded) await this.#waitFor(done => this.#gunzip.write(chunk, done))
    this.#expectOnlyPadding(chunk)
  }

  async end(): Promise<void> {
    await this.#waitFor(done => {
      if (this.#gunzip.readableEnded) done()
      else this.#gunzip.once('end', done).end()
    })
  }

  close(): void {
    this.#gunzip.destroy()
  }

  // After an error the stream never calls back.
  async #waitFor(start: (done: () => void) => void): Promise<void> {
    await new Promise<void>(resolve => {
      this.#settle = resolve
      if (this.#error) resolve()
      else start(() => resolve())
    })
    if (this.#error) throw this.#broken(this.#error)
  }

  /** zlib stops at a zero byte after the end: zeros are padding, anything else is an error. */
  #expectOnlyPadding(chunk: Uint8Array): void {
    const unread = this.#given - this.#gunzip.bytesWritten
    const tail = chunk.subarray(Math.max(0, chunk.length - unread))
    if (tail.some(byte => byte !== 0))
      throw new BrokenPackage('package:trailing_garbage', {
        name: this.#name,
        bytes: this.#gunzip.bytesWritten,
      })
  }

  #broken(error: Error) {
    const bytes = this.#gunzip.bytesWritten
    const params = { name: this.#name, bytes, reason: error.message }
    if (/unexpected end/.test(error.message)) return new BrokenPackage('package:truncated', params, error)
    if (!/incorrect header/.test(error.message)) return new BrokenPackage('package:corrupt', params, error)
    const isGzip = this.#magic[0] === 0x1f && this.#magic[1] === 0x8b
    return new BrokenPackage(isGzip ? 'package:trailing_garbage' : 'package:not_gzip', params, error)
  }
}
