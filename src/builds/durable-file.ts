import { open, readdir, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'

/** Writes `draft`, renames it to `path` and syncs file and folder. */
export async function writeDurably(draft: string, path: string, text: string): Promise<void> {
  const file = await open(draft, 'wx')
  try {
    await file.writeFile(text)
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(draft, path)
  await syncFolder(dirname(path))
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}

export async function removeOldFiles(folder: string, suffix: string, maxAgeMs: number): Promise<number> {
  let removed = 0
  for (const name of await entriesOf(folder)) {
    const path = join(folder, name)
    const stats = name.endsWith(suffix) ? await stat(path).catch(() => null) : null
    if (!stats || Date.now() - stats.mtimeMs < maxAgeMs) continue
    await rm(path, { force: true })
    removed += 1
  }
  return removed
}

export async function entriesOf(folder: string): Promise<string[]> {
  return readdir(folder).catch(error => {
    if (error.code === 'ENOENT') return []
    throw error
  })
}
