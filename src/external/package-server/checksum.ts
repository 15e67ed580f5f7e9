import { exchange } from '../http-client.ts'
import type { ListedFile, Listing } from './listed-file.ts'
import { temporary, unreachable } from './package-error.ts'
import { type Asking, followRedirects } from './redirects.ts'

export interface Checksum {
  algorithm: 'sha256' | 'md5'
  url: string
  value: string
}

export type ChecksumFile = Pick<Checksum, 'algorithm' | 'url'>

const TIMEOUT_MS = 60_000
const MOST_BYTES = 16 * 1024 * 1024
const HEX_DIGITS = { sha256: 64, md5: 32 }

export function checksumFilesFor(name: string, listing: Listing): ChecksumFile[] {
  const candidates: [string, ChecksumFile['algorithm']][] = [
    [`${name}.sha256`, 'sha256'],
    ['SHA256SUMS', 'sha256'],
    [`${name}.md5`, 'md5'],
    ['MD5SUMS', 'md5'],
  ]
  return candidates
    .map(([fileName, algorithm]): [ListedFile | undefined, ChecksumFile['algorithm']] => [
      listing.get(fileName),
      algorithm,
    ])
    .flatMap(([file, algorithm]) => (file ? [{ algorithm, url: file.url }] : []))
}

export async function readChecksum(
  name: string,
  files: ChecksumFile[],
  asking: Asking,
): Promise<Checksum | null> {
  for (const { algorithm, url } of files) {
    const value = findSum(await readText(url, asking), name, algorithm, !/SUMS$/.test(url))
    if (value) return { algorithm, url, value }
  }
  return null
}

async function readText(url: string, asking: Asking): Promise<string> {
  try {
    const ask = ({ href }: URL) => exchange(href, { timeoutMs: TIMEOUT_MS, maxBytes: MOST_BYTES, ...asking })
    const { answer } = await followRedirects(new URL(url), ask, asking)
    if (answer.status !== 200) throw temporary('package:checksum_unreadable', { url, status: answer.status })
    return answer.body.toString('utf8').replace(/^\uFEFF/, '')
  } catch (error) {
    asking.signal?.throwIfAborted()
    throw unreachable(url, error, TIMEOUT_MS)
  }
}

/** Reads GNU and BSD lines; in the package's own checksum file also a bare hash, and any path. */
function findSum(
  text: string,
  name: string,
  algorithm: Checksum['algorithm'],
  isOwnFile: boolean,
): string | null {
  const hash = `[0-9a-f]{${HEX_DIGITS[algorithm]}}`
  if (isOwnFile && new RegExp(`^\\s*${hash}\\s*$`, 'i').test(text)) return text.trim().toLowerCase()

  const gnu = new RegExp(`^(?<sum>${hash}) [ *](?<path>.+)$`, 'i')
  const bsd = new RegExp(`^\\w+ ?\\((?<path>.+)\\) ?= ?(?<sum>${hash})$`, 'i')
  for (const line of text.split(/\r?\n/)) {
    const { sum, path } = (gnu.exec(line) ?? bsd.exec(line))?.groups ?? {}
    if (!sum || !path) continue
    const mentioned = isOwnFile ? path.slice(path.lastIndexOf('/') + 1) : path.replace(/^\.\//, '')
    if (mentioned === name) return sum.toLowerCase()
  }
  return null
}
