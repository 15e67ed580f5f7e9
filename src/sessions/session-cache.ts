import type { Database } from '../database/client.ts'
import { findListeners, type Lifeline } from '../database/lifeline.ts'
import { announceChange, type Change } from '../database/live.ts'
import type { SessionModel as Session } from '../generated/prisma/models.ts'
import type { Log } from '../lib/log.ts'
import { type FoundSession, findSession } from './find-session.ts'
import type { SessionRules } from './session-rules.ts'

const KEPT_MS = 1_000
const MOST_KEPT = 10_000

export interface SessionCache {
  /** As `findSession`. What was read within the last second is not read again, unless some process has ended it. */
  find(token: string): Promise<FoundSession | null>
  /** Ends a session by `write`. Returns when no process accepts it any more. */
  end<T>(id: number, write: () => Promise<T>): Promise<T>
}

/** The database with the cache of sessions, which hears of each that ends. */
export interface SessionStore {
  db: Database
  sessionCache: SessionCache
}

export function createSessionCache(
  db: Database,
  lifeline: Lifeline,
  rules: SessionRules,
  log: Log,
): SessionCache {
  const kept = new Map<string, { session: Session; readAt: number }>()
  /** Counts ends: what was read before one may have ended. */
  let ends = 0

  lifeline.onChange(change => {
    if (change && change.topic !== 'session') return
    ends += 1
    for (const [token, { session }] of kept)
      if (change === null || session.id === change.id) kept.delete(token)
    if (change) acknowledge(change.id)
  })

  function acknowledge(session: Change['id']): void {
    announceChange(db, { topic: 'session_ack', id: ackOf(lifeline.id, session) }).catch(error =>
      log.warn({ err: error }, 'end of a session not acknowledged'),
    )
  }

  function keep(token: string, session: Session): void {
    if (kept.size >= MOST_KEPT) kept.clear()
    kept.set(token, { session, readAt: Date.now() })
  }

  return {
    async find(token) {
      const entry = kept.get(token)
      // Without a connection no end would be heard of.
      if (entry && lifeline.connected() && isFresh(entry)) return { session: entry.session, renewed: false }
      const endsBefore = ends
      const found = await findSession(db, rules, token)
      if (found && ends === endsBefore) keep(token, found.session)
      return found
    },
    async end(id, write) {
      const acks = collectAcks(lifeline)
      try {
        const result = await write()
        const listeners = await findListeners(db)
        await acks.wait(listeners.map(listener => ackOf(listener, id)))
        return result
      } finally {
        acks.stop()
      }
    },
  }
}

function isFresh({ session, readAt }: { session: Session; readAt: number }): boolean {
  return Date.now() - readAt < KEPT_MS && session.expiresAt > new Date()
}

const ackOf = (listener: number, session: Change['id']) => `${listener} ${session}`

function collectAcks(lifeline: Lifeline) {
  const heard = new Set<Change['id']>()
  let check = () => {}
  const stop = lifeline.onChange(change => {
    if (change?.topic !== 'session_ack') return
    heard.add(change.id)
    check()
  })
  return {
    stop,
    /** No longer than a session is kept: after that, nobody accepts it in any case. */
    async wait(expected: string[]): Promise<void> {
      const { promise, resolve } = Promise.withResolvers<void>()
      const timer = setTimeout(resolve, KEPT_MS)
      check = () => {
        if (expected.every(ack => heard.has(ack))) resolve()
      }
      check()
      await promise
      clearTimeout(timer)
    },
  }
}
