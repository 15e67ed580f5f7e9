import { setTimeout } from 'node:timers/promises'
import { type Checksum, readChecksum } from './checksum.ts'
import type { PackageChoice } from './find.ts'
import { PackageError, permanent } from './package-error.ts'
import { type PackageProgress, ProgressReport } from './progress.ts'
import type { Asking } from './redirects.ts'
import { placeOf } from './store.ts'
import { transfer } from './transfer.ts'

const DEFAULTS = { reserveBytes: 512 * 1024 * 1024, stallMs: 30_000, pauses: [1000, 2000, 4000, 8000] }

export interface FetchOptions extends Asking {
  folder: string
  reserveBytes?: number
  onProgress?: (progress: PackageProgress) => void | Promise<void>
  stallMs?: number
  pauses?: number[]
}

export interface FetchedPackage {
  path: string
  name: string
  url: string
  size: number
  sha256: string
  checksum: Checksum | null
  reused: boolean
  attempts: number
  resumed: number
}

export async function fetchPackage(choice: PackageChoice, options: FetchOptions): Promise<FetchedPackage> {
  try {
    return await fetchInAttempts(choice, { ...DEFAULTS, ...options })
  } catch (error) {
    options.signal?.throwIfAborted()
    throw fromDisk(error, options.folder)
  }
}

async function fetchInAttempts(
  choice: PackageChoice,
  options: FetchOptions & typeof DEFAULTS,
): Promise<FetchedPackage> {
  const { folder, reserveBytes, stallMs, signal, egress, pauses } = options
  const place = placeOf(folder, choice)
  const checksum = await readChecksum(choice.name, choice.checksumFiles, { signal, egress })
  const progress = new ProgressReport(options.onProgress)
  let resumed = 0
  for (let attempt = 1; ; attempt++) {
    try {
      const { record, reused } = await transfer({
        ...{ choice, place, checksum, reserveBytes, stallMs, attempt, signal, egress },
        report: (bytes, total) => progress.update(attempt, bytes, total),
        resumed: () => resumed++,
      })
      const { size, sha256 } = record
      const { name, url } = choice
      return { path: place.file, name, url, size, sha256, checksum, reused, attempts: attempt, resumed }
    } catch (error) {
      const pause = pauses[attempt - 1]
      if (!(error instanceof PackageError) || error.permanent || pause === undefined) throw error
      await setTimeout(pause, undefined, { signal })
    }
  }
}

function fromDisk(error: unknown, folder: string): unknown {
  const { code = '', message } = error as NodeJS.ErrnoException
  if (['ENOSPC', 'EDQUOT'].includes(code)) return permanent('package:disk_full', { folder }, error)
  const isOfDisk = [
    'EACCES',
    'EPERM',
    'EROFS',
    'EIO',
    'ENOENT',
    'ENOTDIR',
    'EISDIR',
    'EMFILE',
    'EFBIG',
  ].includes(code)
  return isOfDisk ? permanent('package:disk', { folder, reason: message }, error) : error
}
