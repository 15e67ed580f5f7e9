import { rm, stat } from 'node:fs/promises'

/** Removes a file or folder that has not changed for so long. Returns whether it has; somebody else may be first. */
export async function removeOlder(path: string, ms: number): Promise<boolean> {
  const found = await stat(path).catch(ignoreMissing)
  if (!found || Date.now() - found.mtimeMs < ms) return false
  await rm(path, { recursive: true, force: true })
  return true
}

function ignoreMissing(error: NodeJS.ErrnoException): null {
  if (error.code === 'ENOENT') return null
  throw error
}
