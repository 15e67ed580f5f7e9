import { lstat, readdir } from 'node:fs/promises'
import { join, matchesGlob, relative } from 'node:path'

export async function listFiles(root: string): Promise<string[]> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true })
  return entries
    .filter(entry => !entry.isDirectory())
    .map(entry => relative(root, join(entry.parentPath, entry.name)))
    .sort()
}

/** `conf` means all below it too. */
export function matchesAny(path: string, patterns: string[]): boolean {
  return patterns.some(pattern => matchesGlob(path, pattern) || matchesGlob(path, `${pattern}/**`))
}

/** Bytes of all files below a directory; what vanishes meanwhile counts nothing. */
export async function sizeOf(root: string): Promise<number> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true }).catch(() => [])
  const sizes = await Promise.all(
    entries
      .filter(entry => entry.isFile())
      .map(entry =>
        lstat(join(entry.parentPath, entry.name)).then(
          ({ size }) => size,
          () => 0,
        ),
      ),
  )
  return sizes.reduce((sum, size) => sum + size, 0)
}
