import { on } from 'node:events'
import type { Dispatcher } from 'undici'
import { loadClient } from '../http-client.ts'
import { permanent, temporary, unreachable } from './package-error.ts'
import { followRedirects, header } from './redirects.ts'
import type { Version } from './store.ts'

export interface FileAnswer {
  status: number
  headers: Record<string, string | string[] | undefined>
  body: Dispatcher.ResponseData['body']
  /** The arguments of the body's data events. */
  pieces: AsyncIterator<Buffer[]>
}

/** Pieces, of 64 kB at most, that wait here. */
const MOST_PIECES = 16

/** Asks for a file. The body is the caller's to read or to give up. Throws PackageError where nobody answers. */
export async function askForFile(
  url: string,
  headers: Record<string, string>,
  options: { stallMs: number; signal?: AbortSignal },
): Promise<FileAnswer> {
  const { stallMs, signal } = options
  const { request, agent } = await loadClient()
  try {
    const ask = async ({ href }: URL) => {
      const response = await request(href, {
        // The package's own bytes are wanted: its length and its checksum are about them.
        headers: { 'user-agent': 'crat', 'accept-encoding': 'identity', ...headers },
        dispatcher: agent,
        headersTimeout: stallMs,
        bodyTimeout: 0,
        signal,
      })
      return { status: response.statusCode, headers: response.headers, ...listenTo(response.body) }
    }
    const { answer } = await followRedirects(new URL(url), ask, giveUp)
    return answer
  } catch (error) {
    signal?.throwIfAborted()
    throw unreachable(url, error, stallMs)
  }
}

/**
 * Takes the body's pieces as soon as they come, a few at a time. Reading the stream later, and as a stream, would
 * lose what had arrived before a connection broke.
 */
function listenTo(body: FileAnswer['body']): Pick<FileAnswer, 'body' | 'pieces'> {
  const pieces = on(body, 'data', { close: ['end'], highWaterMark: MOST_PIECES, lowWaterMark: 1 })
  // Who reads the pieces is told of an error; one that comes after that says that the body was given up.
  body.on('error', () => {})
  return { body, pieces }
}

/** Ends an answer that nobody reads to its end. */
export function giveUp({ body }: FileAnswer): void {
  body.destroy()
}

/** The pieces of the body. A server that sends nothing for `stallMs` is broken; the time we take does not count. */
export async function* piecesOf(
  { body, pieces }: FileAnswer,
  stallMs: number,
): AsyncGenerator<Buffer, void, undefined> {
  const fail = () => body.destroy(new Error(`nothing was sent for ${stallMs / 1000} s`))
  for (;;) {
    const stall = setTimeout(fail, stallMs)
    const piece = await pieces.next().finally(() => clearTimeout(stall))
    if (piece.done) return
    yield* piece.value
  }
}

export function versionOf(answer: FileAnswer): Version {
  return {
    etag: header(answer, 'etag'),
    lastModified: header(answer, 'last-modified'),
    size: parseSize(header(answer, 'content-length') ?? ''),
  }
}

// `bytes 100-199/200` or `bytes */200`: where the piece starts and how large the whole is.
export function contentRange(answer: FileAnswer): { start: number | null; size: number | null } | null {
  const found = /^bytes (?:(\d+)-\d+|\*)\/(\d+|\*)$/i.exec(header(answer, 'content-range') ?? '')
  return found ? { start: parseSize(found[1]), size: parseSize(found[2]) } : null
}

function parseSize(digits = ''): number | null {
  return /^\d+$/.test(digits) ? Number(digits) : null
}

/** Whether an answer to a question for the whole file says that it is still that version. */
export function isUnchanged(known: Version, answer: FileAnswer): boolean {
  if (answer.status === 304) return true
  if (answer.status !== 200) return false
  const { etag, lastModified, size } = versionOf(answer)
  if (known.etag !== null && etag !== null) return known.etag === etag
  return (
    known.size !== null && known.size === size && lastModified !== null && known.lastModified === lastModified
  )
}

/** The value for If-Range; null where nothing tells versions apart, so that resuming would be a gamble. */
export function ifRange({ etag, lastModified }: Version): string | null {
  return etag !== null && !etag.startsWith('W/') ? etag : lastModified
}

export function refusal(url: string, status: number) {
  const params = { url, status }
  if (status === 404 || status === 410) return permanent('package:file_not_found', params)
  if (status === 401 || status === 403) return permanent('package:file_forbidden', params)
  const isPassing = status >= 500 || [408, 425, 429].includes(status)
  return (isPassing ? temporary : permanent)('package:file_status', params)
}
