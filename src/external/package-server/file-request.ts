import type { Dispatcher } from 'undici'
import { loadRequest, STRICT, withoutUser } from '../http-client.ts'
import { Arrivals } from './arrivals.ts'
import { permanent, temporary, unreachable } from './package-error.ts'
import { type Asking, followRedirects, header } from './redirects.ts'
import type { Version } from './store.ts'

export interface FileAnswer {
  status: number
  headers: Record<string, string | string[] | undefined>
  body: Dispatcher.ResponseData['body']
  arrivals: Arrivals
}

export async function askForFile(
  url: string,
  headers: Record<string, string>,
  options: Asking & { stallMs: number },
): Promise<FileAnswer> {
  const { stallMs, signal, egress = STRICT } = options
  const request = await loadRequest()
  try {
    const ask = async (url: URL) => {
      const response = await request(withoutUser(url), {
        // No compression: length and checksum are those of the file.
        headers: {
          'user-agent': 'crat',
          'accept-encoding': 'identity',
          ...egress.authorization(url),
          ...headers,
        },
        dispatcher: await egress.dispatcher(),
        headersTimeout: stallMs,
        bodyTimeout: 0,
        signal,
      })
      const { statusCode: status, body } = response
      return { status, headers: response.headers, body, arrivals: new Arrivals(body) }
    }
    const { answer } = await followRedirects(new URL(url), ask, { egress, discard: giveUp })
    return answer
  } catch (error) {
    signal?.throwIfAborted()
    throw unreachable(url, error, stallMs)
  }
}

export function giveUp({ body }: FileAnswer): void {
  body.destroy()
}

/** Yields the pieces of the body; fails after `stallMs` without data, not counting the consumer's time. */
export async function* piecesOf(
  { body, arrivals }: FileAnswer,
  stallMs: number,
): AsyncGenerator<Buffer, void, undefined> {
  const fail = () => body.destroy(new Error(`nothing was sent for ${stallMs / 1000} s`))
  for (;;) {
    const stall = setTimeout(fail, stallMs)
    const piece = await arrivals.take().finally(() => clearTimeout(stall))
    if (!piece) return
    yield piece
  }
}

export function versionOf(answer: FileAnswer): Version {
  return {
    etag: header(answer, 'etag'),
    lastModified: header(answer, 'last-modified'),
    size: parseSize(header(answer, 'content-length') ?? ''),
  }
}

export function contentRange(answer: FileAnswer): { start: number | null; size: number | null } | null {
  const found = /^bytes (?:(\d+)-\d+|\*)\/(\d+|\*)$/i.exec(header(answer, 'content-range') ?? '')
  return found ? { start: parseSize(found[1]), size: parseSize(found[2]) } : null
}

function parseSize(digits = ''): number | null {
  return /^\d+$/.test(digits) ? Number(digits) : null
}

export function isUnchanged(known: Version, answer: FileAnswer): boolean {
  if (answer.status === 304) return true
  if (answer.status !== 200) return false
  const { etag, lastModified, size } = versionOf(answer)
  if (known.etag !== null && etag !== null) return known.etag === etag
  return (
    known.size !== null && known.size === size && lastModified !== null && known.lastModified === lastModified
  )
}

/** Returns the value for If-Range; null if the version has no identity, so that resuming is unsafe. */
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
