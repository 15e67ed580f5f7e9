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

const MAX_DEPTH = 20
/** As file systems measure names. */
const MAX_NAME_BYTES = 255
const MAX_PATH_BYTES = 2_000

/** Returns null for what must not become a name below the folder. */
export function safePath(path: string): string | null {
  const parts = path.split('/')
  const isSafe = parts.length <= MAX_DEPTH && parts.every(isSafeName)
  return isSafe && Buffer.byteLength(path) <= MAX_PATH_BYTES ? path : null
}

function isSafeName(name: string): boolean {
  if (!name || name === '.' || name === '..' || /[\\\p{Cc}]/u.test(name)) return false
  return Buffer.byteLength(name) <= MAX_NAME_BYTES
}

/** Throws for what would lead out of the folder. */
export function fileBelow(folder: string, path: string): string {
  const file = join(folder, path)
  if (!resolve(file).startsWith(resolve(folder) + sep)) throw new Error(`${path} leads out of ${folder}`)
  return file
}
