import { randomBytes } from 'node:crypto'
import { mkdir, open, readdir, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { removeOlder } from '../lib/remove-older.ts'

const UNFINISHED = '.part'
const UNKNOWN_AFTER_MS = 2 * 3_600_000

/** Below the root: a thousand runs share a folder. A second attempt gets a folder of its own. */
export function newReportFolder(runId: number): string {
  const thousand = String(Math.floor(runId / 1000)).padStart(6, '0')
  return `${thousand}/${runId}-${randomBytes(6).toString('hex')}`
}

/** Fills a folder, which is there as a whole or not at all. */
export async function fillReportFolder<T>(
  root: string,
  folder: string,
  fill: (path: string) => Promise<T>,
): Promise<T> {
  const path = join(root, folder)
  const unfinished = path + UNFINISHED
  await mkdir(unfinished, { recursive: true })
  try {
    const filled = await fill(unfinished)
    await rename(unfinished, path)
    const parent = await open(dirname(path), 'r')
    await parent.sync().finally(() => parent.close())
    return filled
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true })
    throw error
  }
}

export function removeReportFolder(root: string, folder: string): Promise<void> {
  return rm(join(root, folder), { recursive: true, force: true })
}

/** Removes what `isKnown` does not know, such as the folders of removed runs. Young ones may be being filled. */
export async function removeUnknownFolders(
  root: string,
  isKnown: (folders: string[]) => Promise<Set<string>>,
): Promise<number> {
  let removed = 0
  await mkdir(root, { recursive: true })
  for (const entry of await readdir(root, { withFileTypes: true })) {
    const folders = entry.isDirectory() ? await foldersIn(root, entry.name) : [entry.name]
    const known = await isKnown(folders)
    for (const folder of folders.filter(each => !known.has(each)))
      if (await removeOlder(join(root, folder), UNKNOWN_AFTER_MS)) removed += 1
  }
  return removed
}

async function foldersIn(root: string, thousand: string): Promise<string[]> {
  return (await readdir(join(root, thousand))).map(name => `${thousand}/${name}`)
}
