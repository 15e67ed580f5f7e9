import jwt from 'jsonwebtoken'
import type { z } from 'zod'
import { recordChange } from '../audit/audit.ts'
import type { Queryable } from '../database/client.ts'
import type { Store } from '../database/store.ts'
import type { SessionModel as Session } from '../generated/prisma/models.ts'
import { AppError, notFound } from '../lib/errors.ts'
import { ADMIN, checkCredentials, type credentials } from './credentials.ts'
import type { SessionRules } from './session-rules.ts'
import { hashToken, signToken } from './session-token.ts'

export interface Client {
  ip: string | null
  userAgent: string | null
}

export interface LiveSession {
  token: string
  session: Session
}

/** With the right password: as an admin. Without a password: as the user of that address. */
export async function logIn(
  store: Store,
  rules: SessionRules,
  input: z.output<typeof credentials>,
  client: Client,
): Promise<LiveSession> {
  const isAdmin = checkCredentials(rules, input)
  return openSession(store, rules, input.email || ADMIN, isAdmin, client)
}

/** Opens a session and ends an older one of the same address. */
export async function openSession(
  { db }: Store,
  rules: SessionRules,
  email: string,
  isAdmin: boolean,
  client: Client,
): Promise<LiveSession> {
  const token = signToken(rules, email, isAdmin)
  const fresh = {
    tokenHash: hashToken(token),
    isAdmin,
    ip: client.ip,
    userAgent: client.userAgent?.slice(0, 500) ?? null,
    createdAt: new Date(),
    lastSeenAt: new Date(),
    expiresAt: expiry(rules),
  }
  const session = await db.session.upsert({ where: { email }, create: { email, ...fresh }, update: fresh })
  return { token, session }
}

/** Returns null if the token is invalid or expired. Renews the session at most once a minute (`renewed`). */
export async function findSession(
  db: Queryable,
  rules: SessionRules,
  token: string,
): Promise<{ session: Session; renewed: boolean } | null> {
  try {
    jwt.verify(token, rules.jwtKey, { algorithms: ['HS256'] })
  } catch {
    return null
  }
  const session = await db.session.findUnique({ where: { tokenHash: hashToken(token) } })
  if (!session || session.expiresAt <= new Date()) return null
  if (Date.now() - session.lastSeenAt.getTime() < 60_000) return { session, renewed: false }
  const renewed = { lastSeenAt: new Date(), expiresAt: expiry(rules) }
  await db.session.updateMany({ where: { id: session.id, tokenHash: session.tokenHash }, data: renewed })
  return { session: { ...session, ...renewed }, renewed: true }
}

function expiry(rules: SessionRules): Date {
  return new Date(Date.now() + rules.sessionHours * 3_600_000)
}

/** Replaces a session's token; the old one is invalid at once. */
export async function refreshSession({ db }: Store, rules: SessionRules, old: Session): Promise<LiveSession> {
  const token = signToken(rules, old.email, old.isAdmin)
  const renewed = { tokenHash: hashToken(token), lastSeenAt: new Date(), expiresAt: expiry(rules) }
  const { count } = await db.session.updateMany({
    where: { id: old.id, tokenHash: old.tokenHash },
    data: renewed,
  })
  if (!count) throw new AppError('errors:not_logged_in', {}, { status: 401 })
  return { token, session: { ...old, ...renewed } }
}

/** Does not renew the session: an open page is not activity. */
export async function isSessionValid(db: Queryable, id: number): Promise<boolean> {
  return (await db.session.count({ where: { id, expiresAt: { gt: new Date() } } })) > 0
}

export async function logOut({ db }: Store, session: Session): Promise<void> {
  await db.session.deleteMany({ where: { id: session.id, tokenHash: session.tokenHash } })
}

export function listSessions(db: Queryable): Promise<Session[]> {
  return db.session.findMany({ where: { expiresAt: { gt: new Date() } }, orderBy: { lastSeenAt: 'desc' } })
}

export async function endSession({ db }: Store, id: number, actor: string): Promise<Session> {
  return db.$transaction(async tx => {
    const session = await tx.session.findUnique({ where: { id } })
    if (!session) throw notFound('errors:session_not_found', { id })
    await tx.session.delete({ where: { id } })
    await recordChange(tx, { actor, action: 'end session', subject: session.email })
    return session
  })
}

/** Deletes expired sessions and login links. Returns how many sessions. */
export async function removeExpiredSessions(db: Queryable): Promise<number> {
  const over = { expiresAt: { lte: new Date() } }
  const [sessions] = await Promise.all([
    db.session.deleteMany({ where: over }),
    db.loginLink.deleteMany({ where: over }),
  ])
  return sessions.count
}
