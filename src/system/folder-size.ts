import type { Dirent } from 'node:fs'
import { opendir, stat } from 'node:fs/promises'
import { join } from 'node:path'

export interface FolderSize {
  bytes: number
  files: number
  /** There is more: it was not counted to the end. */
  cut: boolean
}

const MOST_FILES = 20_000
const FRESH_MS = 60_000

const kept = new Map<string, { at: number; size: Promise<FolderSize> }>()

/** Counted once a minute at most, and no further than so many files. */
export function folderSize(folder: string): Promise<FolderSize> {
  const known = kept.get(folder)
  if (known && Date.now() - known.at < FRESH_MS) return known.size
  const size = count(folder)
  kept.set(folder, { at: Date.now(), size })
  size.catch(() => kept.delete(folder))
  return size
}

async function count(folder: string): Promise<FolderSize> {
  const size: FolderSize = { bytes: 0, files: 0, cut: false }
  const folders = [folder]
  for (let next = folders.pop(); next && !size.cut; next = folders.pop()) await countIn(next, folders, size)
  return size
}

async function countIn(folder: string, folders: string[], size: FolderSize): Promise<void> {
  const entries = await opendir(folder).catch(ignoreMissing)
  if (!entries) return
  for await (const entry of entries) {
    if (entry.isDirectory()) folders.push(join(folder, entry.name))
    else await addFile(folder, entry, size)
    if (size.files >= MOST_FILES) {
      size.cut = true
      return
    }
  }
}

async function addFile(folder: string, entry: Dirent, size: FolderSize): Promise<void> {
  if (!entry.isFile()) return
  const found = await stat(join(folder, entry.name)).catch(ignoreMissing)
  size.bytes += found?.size ?? 0
  size.files += 1
}

/** It went while it was counted, or was never there. */
function ignoreMissing(error: NodeJS.ErrnoException): null {
  if (error.code === 'ENOENT') return null
  throw error
}
