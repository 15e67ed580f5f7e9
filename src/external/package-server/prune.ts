import { readdir, rm, rmdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { findKept, statIfThere } from './store.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
/** A package just downloaded may not yet be recorded as in use. */
const GRACE_MS = HOUR_MS
const PART_KEEP_MS = DAY_MS
const RECORD_ENDING = /\.json(\.[0-9a-f]{8})?$/

interface Entry {
  path: string
  packagePath: string
  files: string[]
  bytes: number
  isPart: boolean
  lastUsed: number
}

export async function prunePackages(options: {
  folder: string
  keepDays: number
  keepBytes: number
  inUse: Set<string>
}): Promise<{ removed: string[]; freed: number }> {
  const { folder, keepDays, keepBytes, inUse } = options
  const now = Date.now()
  const needed = new Set([...inUse].map(path => resolve(path)))
  const entries = (await findEntries(folder)).toSorted((a, b) => a.lastUsed - b.lastUsed)
  const removed: string[] = []
  let left = entries.reduce((sum, { bytes }) => sum + bytes, 0)
  const before = left
  for (const { path, packagePath, files, bytes, isPart, lastUsed } of entries) {
    const age = now - lastUsed
    if (needed.has(packagePath) || age < (isPart ? PART_KEEP_MS : GRACE_MS)) continue
    if (!isPart && age <= keepDays * DAY_MS && left <= keepBytes) continue
    await Promise.all(files.map(file => rm(file, { force: true })))
    removed.push(path)
    left -= bytes
  }
  await removeEmptyFolders(folder, now)
  return { removed, freed: before - left }
}

async function findEntries(folder: string): Promise<Entry[]> {
  const entries: Entry[] = []
  for (const subfolder of await subfolders(folder)) {
    const files = (await readdir(subfolder, { withFileTypes: true })).filter(file => file.isFile())
    const groups = Map.groupBy(files, ({ name }) => name.replace(RECORD_ENDING, ''))
    for (const [name, group] of groups)
      entries.push(
        await readEntry(
          join(subfolder, name),
          group.map(file => join(subfolder, file.name)),
        ),
      )
  }
  return entries
}

async function subfolders(folder: string): Promise<string[]> {
  if (!(await statIfThere(folder))) return []
  const children = await readdir(folder, { withFileTypes: true })
  return children
    .filter(child => child.isDirectory() && /^[0-9a-f]{16}$/.test(child.name))
    .map(child => resolve(folder, child.name))
}

async function readEntry(path: string, files: string[]): Promise<Entry> {
  const stats = (await Promise.all(files.map(statIfThere))).filter(found => found !== null)
  const kept = await findKept({ file: path, record: `${path}.json` })
  const packagePath = path.replace(/\.part$/, '')
  return {
    path,
    packagePath,
    files,
    bytes: stats.reduce((sum, { size }) => sum + size, 0),
    isPart: path !== packagePath,
    lastUsed: kept ? Date.parse(kept.lastUsedAt) : Math.max(...stats.map(({ mtimeMs }) => mtimeMs)),
  }
}

async function removeEmptyFolders(folder: string, now: number): Promise<void> {
  for (const subfolder of await subfolders(folder)) {
    const found = await statIfThere(subfolder)
    if (!found || now - found.mtimeMs < GRACE_MS) continue
    await rmdir(subfolder).catch((error: NodeJS.ErrnoException) => {
      if (!['ENOTEMPTY', 'EEXIST', 'ENOENT'].includes(error.code ?? '')) throw error
    })
  }
}
