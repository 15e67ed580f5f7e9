import { createHash } from 'node:crypto'
import { constants, createWriteStream } from 'node:fs'
import { access } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import type { Submission } from './submission.ts'
import type { WorkTools } from './tasks.ts'

/** Where the package lies on this machine: at its path, else fetched into `folder` from where version 2 names it. */
export async function obtainPackage(
  submission: Submission,
  folder: string,
  tools: WorkTools,
): Promise<string> {
  const { package_path, package_url } = submission
  if (package_url === undefined || (await isReadable(package_path))) {
    await requirePackage(submission)
    return package_path
  }
  const path = join(folder, 'package.tgz')
  tools.write(`fetching ${package_url}\n`)
  await fetchPackage(package_url, path, submission, tools.signal)
  return path
}

/** The file must be readable on this machine: version 1 hands over a path, not a file. */
export async function requirePackage({ package_path }: Submission): Promise<void> {
  if (await isReadable(package_path)) return
  throw new Error(`package_path ${package_path} does not exist or cannot be read on this machine`)
}

function isReadable(path: string): Promise<boolean> {
  return access(path, constants.R_OK).then(
    () => true,
    () => false,
  )
}

async function fetchPackage(
  url: string,
  path: string,
  { package_sha256, package_size }: Submission,
  signal: AbortSignal,
): Promise<void> {
  const response = await fetch(url, { signal })
  if (!response.ok || !response.body) throw new Error(`package_url ${url} answered ${response.status}`)
  const hash = createHash('sha256')
  let size = 0
  await pipeline(
    response.body,
    async function* measured(chunks: AsyncIterable<Uint8Array>) {
      for await (const chunk of chunks) {
        hash.update(chunk)
        size += chunk.length
        yield chunk
      }
    },
    createWriteStream(path),
  )
  if (package_size !== undefined && size !== package_size)
    throw new Error(`package_url ${url} gave ${size} bytes, not ${package_size}`)
  const sha256 = hash.digest('hex')
  if (package_sha256 !== undefined && sha256 !== package_sha256.toLowerCase())
    throw new Error(`package_url ${url} gave a file with SHA-256 ${sha256}, not ${package_sha256}`)
}
