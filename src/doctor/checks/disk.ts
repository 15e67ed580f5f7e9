import { randomBytes } from 'node:crypto'
import { access, constants, open, rm, statfs } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { formatBytes } from '../../lib/format.ts'
import { type Finding, failed, ok, type Subject, warning } from '../check.ts'

const GIB = 1024 ** 3

export async function checkDisk({ config }: Subject): Promise<Finding[]> {
  const folders = [...new Set([config.dataDir, config.packageDir])]
  return (await Promise.all(folders.map(folder => checkFolder(folder, config.dataDir)))).flat()
}

async function checkFolder(folder: string, dataDir: string): Promise<Finding[]> {
  try {
    const { bavail, blocks, bsize, ffree, files } = await statfs(folder)
    const free = bavail * bsize
    const share = Math.round((100 * bavail) / Math.max(blocks, 1))
    const params = { folder, free: formatBytes('en', free), share }
    await tryToWrite(folder)
    if (free < GIB / 2 || (files > 0 && ffree < 1_000)) return [failed('doctor:disk_full', params)]
    if (free < 5 * GIB || share < 5) return [warning('doctor:disk_low', params)]
    return [ok('doctor:disk_ok', params)]
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (code !== 'ENOENT') return [failed('doctor:not_writable', { folder, reason: message })]
    return [folder === dataDir ? failed('doctor:data_dir_missing', { folder }) : await checkMissing(folder)]
  }
}

/** Packages are fetched into a folder that the first run makes. */
async function checkMissing(folder: string): Promise<Finding> {
  try {
    await access(await nearestExisting(folder), constants.W_OK)
    return ok('doctor:folder_missing', { folder })
  } catch (error) {
    return failed('doctor:not_writable', { folder, reason: (error as Error).message })
  }
}

async function nearestExisting(folder: string): Promise<string> {
  const isThere = await access(folder).then(
    () => true,
    () => false,
  )
  return isThere || folder === dirname(folder) ? folder : nearestExisting(dirname(folder))
}

/** A quota or a read-only mount shows only when something is written. */
async function tryToWrite(folder: string): Promise<void> {
  const path = join(folder, `.doctor-${randomBytes(6).toString('hex')}`)
  try {
    const file = await open(path, 'wx', 0o600)
    try {
      await file.writeFile(Buffer.alloc(64 * 1024))
      await file.sync()
    } finally {
      await file.close()
    }
  } finally {
    await rm(path, { force: true })
  }
}
