import { randomInt } from 'node:crypto'
import pg from 'pg'
import type { Log } from '../lib/log.ts'
import type { Queryable } from './client.ts'
import { type Change, LIVE_CHANNEL, parseChange } from './live.ts'

/** The first half of the advisory locks' keys: any number that no one else uses. */
const LOCK_CLASS = 71_260
const RECONNECT_AFTER_MS = 500

/**
 * A connection of this process' own. As long as it stands, a process that works holds the lock `id`: the others see
 * that it lives, and when it is gone, however it went, the server lets go of the lock at once. Changes arrive on it,
 * too.
 */
export interface Lifeline {
  id: number
  /** Told of each change that any process commits, and with null after a gap in which some may have been missed. */
  onChange(listener: (change: Change | null) => void): () => void
  connected(): boolean
  close(): Promise<void>
}

export async function openLifeline(url: string, log: Log, works: boolean): Promise<Lifeline> {
  const id = randomInt(1, 2 ** 31 - 1)
  const listeners = new Set<(change: Change | null) => void>()
  let client: pg.Client | null = null
  let closed = false
  let timer: NodeJS.Timeout | undefined

  const tell = (change: Change | null) => {
    for (const listener of listeners) listener(change)
  }

  async function connect(): Promise<void> {
    const fresh = new pg.Client({
      ...{ connectionString: url, application_name: 'crat-lifeline', keepAlive: true },
      ...{ keepAliveInitialDelayMillis: 5_000, connectionTimeoutMillis: 5_000 },
    })
    // Without a listener an error of an idle connection would end the process.
    fresh.on('error', error => log.warn({ err: error }, 'lifeline cut'))
    fresh.on('notification', message => {
      const change = parseChange(message.payload)
      if (change) tell(change)
    })
    await fresh.connect()
    if (works) await fresh.query('SELECT pg_advisory_lock($1, $2)', [LOCK_CLASS, id])
    await fresh.query(`LISTEN ${LIVE_CHANNEL}`)
    fresh.on('end', () => {
      client = null
      if (!closed) timer = setTimeout(reconnect, RECONNECT_AFTER_MS)
    })
    client = fresh
  }

  async function reconnect(): Promise<void> {
    try {
      await connect()
      log.info('lifeline back')
      tell(null)
    } catch (error) {
      log.warn({ err: error }, 'lifeline not back yet')
      if (!closed) timer = setTimeout(reconnect, RECONNECT_AFTER_MS)
    }
  }

  await connect()
  return {
    id,
    onChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    connected: () => client !== null,
    async close() {
      closed = true
      clearTimeout(timer)
      await client?.end()
    },
  }
}

/** How long a process may take to come back after a cut before it counts as dead. */
const GRACE_SECONDS = 2

/**
 * Whether the process with that lifeline is gone for good: its lock is free and stays free, and that is not because
 * the server itself has just started.
 */
export function isGone(db: Queryable, id: number, signal?: AbortSignal): Promise<boolean> {
  return staysSo(async () => (await workers(db))?.includes(id) === false, signal)
}

/** Whether no other process works, and that stays so. */
export function isAlone(db: Queryable, { id }: Lifeline): Promise<boolean> {
  return staysSo(async () => (await workers(db))?.every(worker => worker === id) ?? false)
}

async function staysSo(isSo: () => Promise<boolean>, signal?: AbortSignal): Promise<boolean> {
  if (!(await isSo())) return false
  await new Promise(resolve => setTimeout(resolve, GRACE_SECONDS * 1000))
  signal?.throwIfAborted()
  return isSo()
}

/** The lifelines of all processes that work; null where the server has just started and they may be on their way. */
async function workers(db: Queryable): Promise<number[] | null> {
  const [row] = await db.$queryRaw<{ young: boolean; ids: number[] }[]>`
    SELECT now() - pg_postmaster_start_time() < interval '5 seconds' AS young, coalesce(array_agg(objid::int), '{}') AS ids
    FROM pg_locks
    WHERE locktype = 'advisory' AND classid = ${LOCK_CLASS} AND granted
      AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`
  return row && !row.young ? row.ids : null
}
