import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'

export interface Expected {
  sha256?: string
  size?: number
}

/** Fetches a file. Throws where it is not the one that is expected; answers its SHA-256. */
export async function download(
  url: string,
  path: string,
  { what, signal, ...expected }: Expected & { what: string; signal: AbortSignal },
): Promise<string> {
  const response = await fetch(url, { signal })
  if (!response.ok || !response.body) throw new Error(`${what} ${url} answered ${response.status}`)
  await pipeline(response.body, createWriteStream(path), { signal })
  return await verifyFile(path, { what: `${what} ${url}`, ...expected })
}

export async function verifyFile(
  path: string,
  { what, sha256, size }: Expected & { what: string },
): Promise<string> {
  const hash = createHash('sha256')
  let bytes = 0
  for await (const chunk of createReadStream(path)) {
    hash.update(chunk)
    bytes += chunk.length
  }
  const found = hash.digest('hex')
  if (size !== undefined && bytes !== size) throw new Error(`${what} gave ${bytes} bytes, not ${size}`)
  if (sha256 !== undefined && found !== sha256.toLowerCase())
    throw new Error(`${what} gave a file with SHA-256 ${found}, not ${sha256}`)
  return found
}
