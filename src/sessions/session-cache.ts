import type { Database } from '../database/client.ts'
import type { Lifeline } from '../database/lifeline.ts'
import type { SessionModel as Session } from '../generated/prisma/models.ts'
import { type FoundSession, findSession } from './find-session.ts'
import type { SessionRules } from './session-rules.ts'

const KEPT_MS = 1_000
const MOST_KEPT = 10_000
const HEARD_WITHIN_MS = 1_000

export interface SessionCache {
  /** As `findSession`. What was read within the last second is not read again, unless some process has ended it. */
  find(token: string): Promise<FoundSession | null>
  /** Ends a session by `write`. Returns when this process has heard of it: the others hear of it at the same time. */
  end<T>(id: number, write: () => Promise<T>): Promise<T>
}

/** The database with the cache of sessions, which hears of each that ends. */
export interface SessionStore {
  db: Database
  sessionCache: SessionCache
}

export function createSessionCache(db: Database, lifeline: Lifeline, rules: SessionRules): SessionCache {
  const kept = new Map<string, { session: Session; readAt: number }>()
  /** Counts ends: what was read before one may have ended. */
  let ends = 0

  lifeline.onChange(change => {
    if (change && change.topic !== 'session') return
    ends += 1
    for (const [token, { session }] of kept)
      if (change === null || session.id === change.id) kept.delete(token)
  })

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
      const heard = heardOf(lifeline, id)
      try {
        const result = await write()
        await heard.promise
        return result
      } finally {
        heard.stop()
      }
    },
  }
}

function isFresh({ session, readAt }: { session: Session; readAt: number }): boolean {
  return Date.now() - readAt < KEPT_MS && session.expiresAt > new Date()
}

/** Resolves after a while in any case: nobody keeps a session for longer. */
function heardOf(lifeline: Lifeline, id: number) {
  const { promise, resolve } = Promise.withResolvers<void>()
  const timer = setTimeout(resolve, lifeline.connected() ? HEARD_WITHIN_MS : 0)
  const unsubscribe = lifeline.onChange(change => {
    if (change === null || (change.topic === 'session' && change.id === id)) resolve()
  })
  const stop = () => {
    clearTimeout(timer)
    unsubscribe()
  }
  return { promise, stop }
}
