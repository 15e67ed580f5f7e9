import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { invalid } from '../lib/errors.ts'
import { type ReceivedFile, receiveFile } from '../lib/receive-file.ts'
import { type BundleFile, readBundleFiles } from './bundle-files.ts'

export const MAX_BUNDLE_BYTES = 200 * 1000 ** 2

const UPLOAD = '.upload'
const UPLOAD_MAX_AGE_MS = 3_600_000

export interface ReceivedBundle extends ReceivedFile {
  files: BundleFile[]
}

export function bundlePath(folder: string, sha256: string): string {
  return join(folder, `${sha256}.tgz`)
}

/** Writes what is sent to a file of its own, which `keepUpload` or `rm` ends. */
export async function receiveUpload(folder: string, source: Readable): Promise<ReceivedBundle> {
  const received = await receiveFile(folder, source, { maxBytes: MAX_BUNDLE_BYTES, suffix: UPLOAD })
  try {
    if (received.size === 0) throw invalid('errors:empty_bundle')
    return { ...received, files: await readFiles(received.path) }
  } catch (error) {
    await rm(received.path, { force: true })
    throw error
  }
}

async function readFiles(path: string): Promise<BundleFile[]> {
  try {
    return await readBundleFiles(path)
  } catch (error) {
    throw invalid('errors:broken_bundle', { reason: (error as Error).message })
  }
}

export async function keepUpload(folder: string, { path, sha256 }: ReceivedBundle): Promise<void> {
  await rename(path, bundlePath(folder, sha256))
  const directory = await open(folder, 'r')
  await directory.sync().finally(() => directory.close())
}

/** Removes the files that `isKept` does not know, and uploads that were cut. Young files may be of an upload under way. */
export async function removeUnknownBundles(
  folder: string,
  isKept: (sha256: string) => Promise<boolean>,
): Promise<number> {
  let removed = 0
  await mkdir(folder, { recursive: true })
  for (const name of await readdir(folder)) {
    const path = join(folder, name)
    const { mtimeMs } = await stat(path)
    if (Date.now() - mtimeMs < UPLOAD_MAX_AGE_MS || (await isKept(name.replace('.tgz', '')))) continue
    await rm(path, { force: true })
    removed += 1
  }
  return removed
}
