import { exchange } from '../http-client.ts'
import { directoryOf } from './address.ts'
import type { Listing } from './listed-file.ts'
import { parseHtmlListing } from './listing-html.ts'
import { parseJsonListing } from './listing-json.ts'
import { permanent, temporary, unreachable } from './package-error.ts'
import { type Asking, followRedirects, header } from './redirects.ts'

const TIMEOUT_MS = 60_000
const MOST_BYTES = 64 * 1024 * 1024

export async function readListing(directory: URL, asking: Asking, timeoutMs = TIMEOUT_MS): Promise<Listing> {
  const { url, answer } = await requestListing(directory, asking, timeoutMs)
  const isJson =
    /\bjson\b/i.test(header(answer, 'content-type') ?? '') ||
    /^\s*\[/.test(answer.body.toString('latin1', 0, 64))
  const listing = isJson
    ? parseJsonListing(answer.body, directoryOf(url))
    : await parseHtmlListing(answer.body, url)
  if (!listing) throw permanent('package:not_a_listing', { url: url.href })
  return listing
}

/** The answer of a server that has the directory; throws PackageError for any other. */
export async function requestListing(directory: URL, asking: Asking, timeoutMs = TIMEOUT_MS) {
  const { url, answer } = await askForListing(directory, asking, timeoutMs)
  if (answer.status !== 200) throw refusal(directory.href, answer.status)
  if (isAbove(url, directory)) throw permanent('package:redirected_up', { url: directory.href, to: url.href })
  return { url, answer }
}

async function askForListing(directory: URL, asking: Asking, timeoutMs: number) {
  try {
    const ask = (url: URL) =>
      exchange(url.href, {
        // With JSON accepted, Caddy would answer in its own format.
        headers: { accept: 'text/html, */*;q=0.5' },
        timeoutMs,
        maxBytes: MOST_BYTES,
        ...asking,
      })
    return await followRedirects(directory, ask, asking)
  } catch (error) {
    asking.signal?.throwIfAborted()
    throw unreachable(directory.href, error, timeoutMs)
  }
}

function refusal(url: string, status: number) {
  if (status === 404 || status === 410) return permanent('package:directory_not_found', { url, status })
  if (status === 401 || status === 403) return permanent('package:directory_forbidden', { url, status })
  return status >= 500
    ? temporary('package:listing_status', { url, status })
    : permanent('package:listing_status', { url, status })
}

/** Some servers redirect from a missing directory to its parent, which has other builds' packages. */
function isAbove(url: URL, directory: URL): boolean {
  const path = directoryOf(url).pathname
  return directory.pathname !== path && directory.pathname.startsWith(path)
}
