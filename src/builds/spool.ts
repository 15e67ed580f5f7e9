import { randomBytes } from 'node:crypto'
import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { isDatabaseUnavailable } from '../database/client.ts'
import { AppError } from '../lib/errors.ts'
import type { Log } from '../lib/log.ts'

/** Announcements that wait on disk while the database is away. */
export interface Spool {
  /** On disk when it returns. Throws AppError 503 where the disk does not take it. */
  keep(body: unknown): Promise<void>
  /** How many wait. */
  waiting(): Promise<number>
  /**
   * Hands them to `store`, oldest first, and forgets each that is stored. Stops at the first that `store` throws on;
   * one at a time in this process. Says how many were stored.
   */
  drain(store: (kept: SpooledAnnouncement) => Promise<void>): Promise<number>
  /** Drafts that a killed process left. Says how many. */
  removeLeftovers(): Promise<number>
}

export interface SpooledAnnouncement {
  body: unknown
  receivedAt: Date
}

/** Several processes may share the folder: the same announcement stored twice is one build. */
export function openSpool(folder: string, log: Log): Spool {
  let draining: Promise<number> | null = null
  let lastTime = 0

  async function keep(body: unknown): Promise<void> {
    // Names sort in the order of arrival, also within a millisecond.
    lastTime = Math.max(Date.now(), lastTime + 0.001)
    const name = `${lastTime.toFixed(3).padStart(18, '0')}-${randomBytes(4).toString('hex')}`
    try {
      await mkdir(folder, { recursive: true })
      await writeDurably(join(folder, `${name}.draft`), join(folder, `${name}.json`), JSON.stringify(body))
    } catch (cause) {
      await rm(join(folder, `${name}.draft`), { force: true }).catch(() => {})
      throw new AppError('errors:spool_full', { reason: (cause as Error).message }, { status: 503, cause })
    }
  }

  async function names(): Promise<string[]> {
    return (await entriesOf(folder)).filter(name => name.endsWith('.json')).sort()
  }

  async function drainAll(store: (kept: SpooledAnnouncement) => Promise<void>): Promise<number> {
    let stored = 0
    for (const name of await names()) {
      const path = join(folder, name)
      const text = await readKept(path)
      if (text !== null && (await storeOrSetAside(store, path, text, name))) stored += 1
    }
    return stored
  }

  /** null where another process was faster, or where the disk does not give it: it stays, and the others go on. */
  async function readKept(path: string): Promise<string | null> {
    try {
      return await readFile(path, 'utf8')
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT')
        log.error({ err: error, path }, 'an announcement that waits on disk cannot be read')
      return null
    }
  }

  /** What can never be stored is set aside for a person to look at: it must not hold up what comes behind it. */
  async function storeOrSetAside(
    store: (kept: SpooledAnnouncement) => Promise<void>,
    path: string,
    text: string,
    name: string,
  ): Promise<boolean> {
    try {
      await store({ body: JSON.parse(text), receivedAt: new Date(Number.parseFloat(name)) })
    } catch (error) {
      if (isDatabaseUnavailable(error)) throw error
      log.error({ err: error, path }, 'an announcement that waited cannot be stored and is set aside')
      await rename(path, path.replace(/\.json$/, '.refused'))
      return false
    }
    await rm(path, { force: true })
    return true
  }

  return {
    keep,
    waiting: async () => (await names()).length,
    drain(store) {
      draining ??= drainAll(store).finally(() => {
        draining = null
      })
      return draining
    },
    removeLeftovers: () => removeOldDrafts(folder),
  }
}

const HOUR_MS = 3_600_000

async function removeOldDrafts(folder: string): Promise<number> {
  let removed = 0
  for (const name of await entriesOf(folder)) {
    const path = join(folder, name)
    const stats = name.endsWith('.draft') ? await stat(path).catch(() => null) : null
    if (!stats || Date.now() - stats.mtimeMs < HOUR_MS) continue
    await rm(path, { force: true })
    removed += 1
  }
  return removed
}

async function entriesOf(folder: string): Promise<string[]> {
  return readdir(folder).catch(error => {
    if (error.code === 'ENOENT') return []
    throw error
  })
}

/** The file and its name are on disk when it returns. */
async function writeDurably(draft: string, path: string, text: string): Promise<void> {
  const file = await open(draft, 'wx')
  try {
    await file.writeFile(text)
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(draft, path)
  const folder = await open(join(path, '..'), 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}
