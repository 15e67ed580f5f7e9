import { randomBytes } from 'node:crypto'
import { mkdir, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { isDatabaseUnavailable } from '../database/client.ts'
import { AppError } from '../lib/errors.ts'
import type { Log } from '../lib/log.ts'
import { entriesOf, removeOldFiles, writeDurably } from './durable-file.ts'

/** Announcements kept on disk while the database is unavailable. Processes may share a folder. */
export interface Spool {
  /** Resolves once the announcement is durable. Throws AppError 503 if it cannot be written. */
  keep(body: unknown, announcedBy: string | null): Promise<void>
  waiting(): Promise<number>
  /** Whether some waited when the folder was last read: a cheap check, exact for what this process keeps. */
  hasWaiting(): boolean
  drain(store: StoreAnnouncement): Promise<number>
  removeLeftovers(): Promise<number>
}

export interface SpooledAnnouncement {
  body: unknown
  announcedBy: string | null
  receivedAt: Date
}

type StoreAnnouncement = (kept: SpooledAnnouncement) => Promise<void>

const HOUR_MS = 3_600_000

export function openSpool(folder: string, log: Log): Spool {
  const nextName = createNames()
  let draining: Promise<number> | null = null
  // Until the folder is read, an earlier process may have left some.
  let known = 1

  async function countWaiting(): Promise<number> {
    known = (await listNames(folder)).length
    return known
  }

  return {
    async keep(body, announcedBy) {
      known += 1
      await keepIn(folder, nextName(), announcedBy === null ? body : { body, announced_by: announcedBy })
    },
    waiting: countWaiting,
    hasWaiting: () => known > 0,
    drain(store) {
      draining ??= drainFolder(folder, log, store).finally(async () => {
        draining = null
        await countWaiting()
      })
      return draining
    },
    removeLeftovers: () => removeOldFiles(folder, '.draft', HOUR_MS),
  }
}

/** Names sort in the order of arrival, also within a millisecond. */
function createNames(): () => string {
  let lastTime = 0
  return () => {
    lastTime = Math.max(Date.now(), lastTime + 0.001)
    return `${lastTime.toFixed(3).padStart(18, '0')}-${randomBytes(4).toString('hex')}`
  }
}

async function keepIn(folder: string, name: string, body: unknown): Promise<void> {
  const draft = join(folder, `${name}.draft`)
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 })
    await writeDurably(draft, join(folder, `${name}.json`), JSON.stringify(body))
  } catch (cause) {
    await rm(draft, { force: true }).catch(() => {})
    throw new AppError('errors:spool_full', { reason: (cause as Error).message }, { status: 503, cause })
  }
}

async function listNames(folder: string): Promise<string[]> {
  return (await entriesOf(folder)).filter(name => name.endsWith('.json')).sort()
}

async function drainFolder(folder: string, log: Log, store: StoreAnnouncement): Promise<number> {
  let stored = 0
  for (const name of await listNames(folder)) {
    const path = join(folder, name)
    const text = await readKept(path, log)
    if (text === null) continue
    const receivedAt = new Date(Number.parseFloat(name))
    if (await storeOrRefuse(path, log, () => store({ ...readAnnouncement(text), receivedAt }))) stored += 1
  }
  return stored
}

/** A body alone where nobody was named. */
function readAnnouncement(text: string): Omit<SpooledAnnouncement, 'receivedAt'> {
  const kept = JSON.parse(text)
  if (typeof kept?.announced_by !== 'string' || 'JOB_NAME' in kept) return { body: kept, announcedBy: null }
  return { body: kept.body, announcedBy: kept.announced_by }
}

/** Returns null if another process was faster or the file is unreadable; an unreadable file stays. */
async function readKept(path: string, log: Log): Promise<string | null> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT')
      log.error({ err: error, path }, 'cannot read a spooled announcement')
    return null
  }
}

/** An announcement that can never be stored must not block those behind it. */
async function storeOrRefuse(path: string, log: Log, store: () => Promise<void>): Promise<boolean> {
  try {
    await store()
  } catch (error) {
    if (isDatabaseUnavailable(error)) throw error
    log.error({ err: error, path }, 'cannot store a spooled announcement; renamed to .refused')
    await rename(path, path.replace(/\.json$/, '.refused'))
    return false
  }
  await rm(path, { force: true })
  return true
}
