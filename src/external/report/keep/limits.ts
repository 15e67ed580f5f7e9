import { join, resolve, sep } from 'node:path'
import type { Egress } from '../../egress.ts'

/** What of a report is kept. */
export interface KeepLimits {
  files: number
  bytes: number
  fileBytes: number
  ms: number
}

export const KEEP_LIMITS: KeepLimits = {
  files: 50_000,
  bytes: 1000 ** 3,
  fileBytes: 200 * 1000 ** 2,
  ms: 10 * 60_000,
}

export interface KeptFiles {
  files: number
  bytes: number
  /** The page to open, relative to the folder. */
  entry: string
  /** It is larger than what is kept. */
  cut: boolean
}

export interface KeepOptions {
  signal?: AbortSignal
  egress?: Egress
  limits?: Partial<KeepLimits>
}

/** Returns null for what must not become a name below the folder. */
export function safePath(path: string): string | null {
  const parts = path.split('/')
  const isSafe = parts.every(
    part => part && part !== '.' && part !== '..' && part.length <= 200 && !/[\\\p{Cc}]/u.test(part),
  )
  return isSafe && path.length <= 1_000 ? path : null
}

/** Throws for what would lead out of the folder. */
export function fileBelow(folder: string, path: string): string {
  const file = join(folder, path)
  if (!resolve(file).startsWith(resolve(folder) + sep)) throw new Error(`${path} leads out of ${folder}`)
  return file
}
