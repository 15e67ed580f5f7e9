import { randomInt } from 'node:crypto'
import pg from 'pg'
import type { Log } from '../lib/log.ts'
import type { Queryable } from './client.ts'
import { type Change, LIVE_CHANNEL, parseChange } from './live.ts'

/** The first half of the keys of the workers' advisory locks. */
export const LOCK_CLASS = 71_260
/** The same of the locks that all who hear of changes share. */
export const LISTENER_CLASS = 71_261
const RECONNECT_AFTER_MS = 500
const STATEMENT_TIMEOUT_MS = 5_000

type ChangeListener = (change: Change | null) => void

/**
 * A dedicated connection for changes. A worker's holds the advisory lock `id`, which PostgreSQL releases with
 * it.
 */
export interface Lifeline {
  id: number
  onChange(listener: ChangeListener): () => void
  connected(): boolean
  close(): Promise<void>
}

export async function openLifeline(url: string, log: Log, works: boolean): Promise<Lifeline> {
  const id = randomInt(1, 2 ** 31 - 1)
  const listeners = new Set<ChangeListener>()
  const notify: ChangeListener = change => {
    for (const listener of listeners) listener(change)
  }
  const connection = keepConnected(log, notify, () => connect({ url, log, notify, id, works }))
  await connection.open()
  return {
    id,
    onChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    connected: connection.connected,
    close: connection.close,
  }
}

/** The lifeline ids of all processes that hear of changes. */
export async function findListeners(db: Queryable): Promise<number[]> {
  const rows = await db.$queryRaw<{ id: number }[]>`
    SELECT DISTINCT objid::int AS id FROM pg_locks
    WHERE locktype = 'advisory' AND classid = ${LISTENER_CLASS} AND granted
      AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`
  return rows.map(({ id }) => id)
}

interface ConnectOptions {
  url: string
  log: Log
  notify: ChangeListener
  id: number
  works: boolean
}

async function connect({ url, log, notify, id, works }: ConnectOptions): Promise<pg.Client> {
  const client = new pg.Client({
    ...{ connectionString: url, application_name: 'crat-lifeline', keepAlive: true },
    ...{ keepAliveInitialDelayMillis: 5_000, connectionTimeoutMillis: 5_000 },
    ...{ statement_timeout: STATEMENT_TIMEOUT_MS, query_timeout: 2 * STATEMENT_TIMEOUT_MS },
  })
  // Without a listener an error of an idle connection would end the process.
  client.on('error', error => log.warn({ err: error }, 'lifeline lost'))
  client.on('notification', message => {
    const change = parseChange(message.payload)
    if (change) notify(change)
  })
  try {
    await client.connect()
    await client.query(`LISTEN ${LIVE_CHANNEL}; SELECT pg_advisory_lock_shared(${LISTENER_CLASS}, ${id})`)
    if (works) await takeLock(client, id)
    return client
  } catch (error) {
    client.end().catch(problem => log.warn({ err: problem }, 'lifeline not closed'))
    throw error
  }
}

/** From a lost connection of ours, too: PostgreSQL may not notice for hours that it is lost. */
async function takeLock(client: pg.Client, lock: number): Promise<void> {
  await client.query(
    `SELECT pg_terminate_backend(pid) FROM pg_locks
    WHERE locktype = 'advisory' AND classid = $1 AND objid = $2 AND granted
      AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
    [LOCK_CLASS, lock],
  )
  await client.query('SELECT pg_advisory_lock($1, $2)', [LOCK_CLASS, lock])
}

function keepConnected(log: Log, notify: ChangeListener, connectClient: () => Promise<pg.Client>) {
  let client: pg.Client | null = null
  let closed = false
  let timer: NodeJS.Timeout | undefined

  const retryLater = () => {
    if (!closed) timer = setTimeout(reconnect, RECONNECT_AFTER_MS)
  }

  async function open(): Promise<void> {
    const opened = await connectClient()
    opened.on('end', () => {
      client = null
      retryLater()
    })
    client = opened
  }

  async function reconnect(): Promise<void> {
    try {
      await open()
      log.info('lifeline reconnected')
      notify(null)
    } catch (error) {
      log.warn({ err: error }, 'lifeline not reconnected')
      retryLater()
    }
  }

  async function close(): Promise<void> {
    closed = true
    clearTimeout(timer)
    await client?.end()
  }

  return { open, close, connected: () => client !== null }
}
