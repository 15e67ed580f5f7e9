import type { Params } from '../../lib/i18n.ts'
import type { Egress } from '../egress.ts'
import { exchange, HttpError } from '../http-client.ts'
import { ReportFile } from './report-file.ts'

export interface Attempt {
  url: string
  result: { key: string; params: Params }
}

export interface ReadReportOptions {
  signal?: AbortSignal
  egress?: Egress
  /** Milliseconds per request, default 15 s. The summary, and the tests, may take four times that. */
  timeoutMs?: number
  maxBytes?: number
}

const MIB = 1024 * 1024
const UNREACHABLE = [
  'http:refused',
  'http:unknown_host',
  'http:no_connection',
  'http:tls',
  'http:link_local',
  'http:own_port',
]

export class Fetcher {
  readonly attempts: Attempt[] = []
  readonly maxBytes: number
  readonly #signal: AbortSignal | undefined
  readonly #egress: Egress | undefined
  readonly #timeoutMs: number
  readonly #deadline: number

  constructor({ signal, egress, timeoutMs = 15_000, maxBytes = 64 * MIB }: ReadReportOptions) {
    this.maxBytes = maxBytes
    this.#signal = signal
    this.#egress = egress
    this.#timeoutMs = timeoutMs
    this.#deadline = performance.now() + 4 * timeoutMs
  }

  async first<T>(urls: URL[], read: (url: URL) => Promise<T | null>): Promise<T | null> {
    for (const url of urls) {
      const found = await read(url)
      if (found) return found
      const last = this.attempts.at(-1)?.result.key ?? ''
      if (last === 'report:out_of_time' || UNREACHABLE.includes(last)) return null
    }
    return null
  }

  /** Returns null on failure, recorded as an attempt. Throws only when aborted. */
  async fetch(url: URL, maxBytes: number): Promise<ReportFile | null> {
    this.#signal?.throwIfAborted()
    const timeoutMs = Math.min(this.#timeoutMs, Math.ceil(this.#deadline - performance.now()))
    if (timeoutMs <= 0) {
      this.record(url, 'report:out_of_time', { seconds: Math.round((4 * this.#timeoutMs) / 1000) })
      return null
    }
    try {
      const options = { timeoutMs, maxBytes, maxRedirects: 5, signal: this.#signal, egress: this.#egress }
      const { status, body } = await exchange(url.href, options)
      if (status === 200) return new ReportFile(url, body)
      this.record(url, 'report:status', { status })
    } catch (error) {
      if (!(error instanceof HttpError)) throw error
      this.record(url, error.key, error.params)
    }
    return null
  }

  record(url: URL, key: string, params: Params = {}): void {
    this.attempts.push({ url: url.href, result: { key, params } })
  }
}
