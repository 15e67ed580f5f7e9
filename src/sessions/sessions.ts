import { recordChange } from '../audit/audit.ts'
import type { Queryable } from '../database/client.ts'
import { announceChange } from '../database/live.ts'
import { type Page, type PageOf, readPage } from '../database/paging.ts'
import type { Store } from '../database/store.ts'
import type { SessionModel as Session } from '../generated/prisma/models.ts'
import { AppError, forbidden, notFound } from '../lib/errors.ts'
import type { Actor, Person } from '../lib/person.ts'
import { removeOldAttempts } from './login-attempts.ts'
import { type Client, expiryOf, type LiveSession } from './open-session.ts'
import type { SessionStore } from './session-cache.ts'
import type { SessionRules } from './session-rules.ts'
import { hashToken, signToken } from './session-token.ts'

export async function refreshSession(
  { db, sessionCache }: SessionStore,
  rules: SessionRules,
  old: Session,
): Promise<LiveSession> {
  const token = signToken(rules, old.email, old.isAdmin)
  const renewed = { tokenHash: hashToken(token), lastSeenAt: new Date(), expiresAt: expiryOf(rules) }
  const { id, tokenHash } = old
  const count = await sessionCache.end(id, () =>
    db.$transaction(async tx => {
      const { count } = await tx.session.updateMany({ where: { id, tokenHash }, data: renewed })
      await announceChange(tx, { topic: 'session', id })
      return count
    }),
  )
  if (!count) throw new AppError('errors:not_logged_in', {}, { status: 401 })
  return { token, session: { ...old, ...renewed } }
}

/** Those of them that are valid. Renews none: an open page is not activity. */
export async function findValidSessions(db: Queryable, ids: number[]): Promise<number[]> {
  const where = { id: { in: ids }, expiresAt: { gt: new Date() } }
  const sessions = await db.session.findMany({ where, select: { id: true } })
  return sessions.map(({ id }) => id)
}

export async function logOut(
  { db, sessionCache }: SessionStore,
  session: Session,
  { ip }: Client,
): Promise<void> {
  const { id, email, tokenHash } = session
  await sessionCache.end(id, () =>
    db.$transaction(async tx => {
      const { count } = await tx.session.deleteMany({ where: { id, tokenHash } })
      if (count) await recordChange(tx, { actor: email, action: 'log out', subject: email, ip })
      await announceChange(tx, { topic: 'session', id })
    }),
  )
}

/** One's own are those of one's address; an address that was only typed does not own those that were proven. */
function ownedBy(own: Session | null): Partial<Pick<Session, 'id' | 'email' | 'method'>> {
  if (!own) return { id: 0 }
  return own.method === 'email' ? { email: own.email, method: 'email' } : { email: own.email }
}

/** One's own, or all that an admin asks for. */
export async function listSessionPage(
  db: Queryable,
  { limit, offset, email }: Page & { email?: string },
  { isAdmin }: Person,
  own: Session | null,
): Promise<PageOf<Session>> {
  const where = { expiresAt: { gt: new Date() }, ...(isAdmin ? { email } : ownedBy(own)) }
  return readPage(
    { limit, offset },
    {
      find: window =>
        db.session.findMany({ where, orderBy: [{ lastSeenAt: 'desc' }, { id: 'desc' }], ...window }),
      count: most => db.session.count({ where, ...most }),
    },
  )
}

export async function endSessionAs(
  store: SessionStore,
  id: number,
  person: Person,
  own: Session | null,
): Promise<Session> {
  const live = { id, expiresAt: { gt: new Date() } }
  if (!(await store.db.session.count({ where: live }))) throw notFound('errors:session_not_found', { id })
  const isOwn = await store.db.session.count({ where: { AND: [live, ownedBy(own)] } })
  if (!person.isAdmin && !isOwn) throw forbidden('errors:not_your_session')
  return endSession(store, id, person)
}

export async function endSession(
  { db, sessionCache }: SessionStore,
  id: number,
  actor: Actor,
): Promise<Session> {
  return sessionCache.end(id, () =>
    db.$transaction(async tx => {
      const session = await tx.session.findUnique({ where: { id } })
      if (!session) throw notFound('errors:session_not_found', { id })
      await tx.session.delete({ where: { id } })
      await recordChange(tx, { actor, action: 'end session', subject: session.email })
      await announceChange(tx, { topic: 'session', id })
      return session
    }),
  )
}

export async function removeExpiredSessions({ db }: Pick<Store, 'db'>): Promise<number> {
  const now = new Date()
  const day = BigInt(Math.floor(now.getTime() / 1000 / 30) - 2 * 60 * 24)
  await db.loginLink.deleteMany({ where: { expiresAt: { lte: now } } })
  await db.usedCode.deleteMany({ where: { step: { lt: day } } })
  await removeOldAttempts(db)
  return db.$transaction(async tx => {
    const ended = await tx.$queryRaw<Ended[]>`
      DELETE FROM user_sessions WHERE expires_at <= now() RETURNING email, ip`
    await tx.auditEntry.createMany({ data: ended.map(endedByTime) })
    return ended.length
  })
}

type Ended = Pick<Session, 'email' | 'ip'>

function endedByTime({ email, ip }: Ended) {
  return { actor: email, action: 'end session', subject: email, after: { reason: 'not used' }, ip }
}
