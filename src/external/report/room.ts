import type { Params } from '../../lib/i18n.ts'
import { exchange, HttpError } from '../http-client.ts'

/** One address that was asked, and what came back: a sentence's key (`report:…` or `http:…`) and its values. */
export interface Tried {
  url: string
  result: { key: string; params: Params }
}

export interface ReadReportOptions {
  signal?: AbortSignal
  /** Milliseconds for each call; the whole may take four times that. Default 15 s. */
  timeoutMs?: number
  /** Bytes of a report that is one page, and of the list of its tests. Default 64 MiB. */
  maxBytes?: number
}

/** What one reading may still take, and what it has tried. */
export interface Room {
  signal: AbortSignal | undefined
  timeoutMs: number
  maxBytes: number
  deadline: number
  tried: Tried[]
}

export type Candidate<T> = (room: Room) => Promise<T | null>

const MIB = 1024 * 1024
/** Every further address of that host would fail alike. */
const HOST_IS_AWAY = ['http:refused', 'http:unknown_host', 'http:no_connection', 'http:tls']

export function openRoom({ signal, timeoutMs = 15_000, maxBytes = 64 * MIB }: ReadReportOptions): Room {
  return { signal, timeoutMs, maxBytes, deadline: performance.now() + 4 * timeoutMs, tried: [] }
}

export async function firstThatParses<T>(candidates: Candidate<T>[], room: Room): Promise<T | null> {
  for (const read of candidates) {
    const found = await read(room)
    if (found) return found
    const last = room.tried.at(-1)?.result.key ?? ''
    if (last === 'report:out_of_time' || HOST_IS_AWAY.includes(last)) return null
  }
  return null
}

/** The file's bytes, or null with a note of what came back instead. */
export async function fetchFile(url: URL, maxBytes: number, room: Room): Promise<Buffer | null> {
  room.signal?.throwIfAborted()
  const left = Math.min(room.timeoutMs, Math.ceil(room.deadline - performance.now()))
  if (left <= 0) {
    note(room, url, 'report:out_of_time', { seconds: Math.round((4 * room.timeoutMs) / 1000) })
    return null
  }
  try {
    const limits = { timeoutMs: left, maxBytes, maxRedirects: 5, signal: room.signal }
    const { status, body } = await exchange(url.href, limits)
    if (status === 200) return body
    note(room, url, 'report:status', { status })
  } catch (error) {
    if (!(error instanceof HttpError)) throw error
    note(room, url, error.key, error.params)
  }
  return null
}

/** An application may answer its start page, with 200, for whatever it does not have. */
export function wrongJson(body: Buffer, json: unknown, otherJson: string): string {
  if (json !== undefined) return otherJson
  return body.toString('latin1', 0, 1000).trimStart().startsWith('<') ? 'report:html' : 'report:not_json'
}

export function note(room: Room, url: URL, key: string, params: Params = {}): void {
  room.tried.push({ url: url.href, result: { key, params } })
}
