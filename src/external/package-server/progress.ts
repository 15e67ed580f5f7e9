const EVERY_MS = 1000

export interface PackageProgress {
  bytes: number
  total: number | null
  rate: number
  attempt: number
}

export class ProgressReport {
  readonly #take: (progress: PackageProgress) => void | Promise<void>
  #reportedAt = -Infinity
  #attempt = 0
  #from = { at: 0, bytes: 0 }

  constructor(take: (progress: PackageProgress) => void | Promise<void> = () => {}) {
    this.#take = take
  }

  async update(attempt: number, bytes: number, total: number | null): Promise<void> {
    const at = performance.now()
    if (attempt !== this.#attempt) this.#from = { at, bytes }
    this.#attempt = attempt
    if (at - this.#reportedAt < EVERY_MS) return

    const elapsed = at - this.#from.at
    const rate = elapsed > 0 ? Math.round(((bytes - this.#from.bytes) / elapsed) * 1000) : 0
    this.#reportedAt = at
    this.#from = { at, bytes }
    await this.#take({ bytes, total, rate, attempt })
  }
}
