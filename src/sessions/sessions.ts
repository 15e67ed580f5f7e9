import { createHash, createHmac, randomBytes } from 'node:crypto'
import jwt from 'jsonwebtoken'
import { z } from 'zod'
import { recordChange } from '../audit/audit.ts'
import type { Queryable } from '../database/client.ts'
import type { Store } from '../database/store.ts'
import type { SessionModel as Session } from '../generated/prisma/models.ts'
import { AppError, invalid, notFound } from '../lib/errors.ts'
import { sameSecret } from '../lib/same-secret.ts'
import { hasControlCharacter } from '../lib/text.ts'
import { detail, problem } from '../lib/validation.ts'

/** What logging in needs to know. */
export interface SessionRules {
  jwtSecret: string
  adminPassword: string
  sessionHours: number
  /** Empty: any. */
  allowedEmailDomains: readonly string[]
}

export interface Client {
  ip: string | null
  userAgent: string | null
}

export interface LiveSession {
  token: string
  session: Session
}

/** The word that an admin may give instead of an address. */
const ADMIN = 'admin'

export const credentials = z.object({
  email: z
    .string(problem('own_email'))
    .trim()
    .toLowerCase()
    .max(254, problem('oversized'))
    .refine(text => !hasControlCharacter(text), problem('control_characters'))
    .nullish()
    .transform(email => email ?? ''),
  password: z.string(problem('text')).max(1000, problem('oversized')).nullish(),
})

const address = z.email()

/** With the right password: an admin. Without one: the user of that address. */
export async function logIn(
  store: Store,
  rules: SessionRules,
  input: z.output<typeof credentials>,
  client: Client,
): Promise<LiveSession> {
  const isAdmin = checkCredentials(rules, input)
  return openSession(store, rules, input.email || ADMIN, isAdmin, client)
}

/** Says whether the password makes an admin; throws where nobody may come in. */
export function checkCredentials(
  rules: SessionRules,
  { email, password }: z.output<typeof credentials>,
): boolean {
  if (password) {
    if (!sameSecret(password, rules.adminPassword))
      throw new AppError('errors:wrong_password', {}, { status: 401 })
    return true
  }
  if (email === ADMIN) throw new AppError('errors:admin_needs_password', {}, { status: 401 })
  checkAddress(email)
  checkDomain(rules, email)
  return false
}

function checkAddress(email: string): void {
  if (address.safeParse(email).success) return
  throw invalid('errors:invalid_email', { email }, [detail('email', 'email')])
}

function checkDomain(rules: SessionRules, email: string): void {
  const domain = email.slice(email.lastIndexOf('@') + 1)
  if (!rules.allowedEmailDomains.length || rules.allowedEmailDomains.includes(domain)) return
  throw new AppError(
    'errors:domain_not_allowed',
    { domain, allowed: rules.allowedEmailDomains.join(', ') },
    { status: 403 },
  )
}

/** One session per e-mail: an older one ends. */
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

/**
 * The token says who; the row in the database says whether it still counts and until when. It has no `exp` of its
 * own, because a session is renewed while it is used.
 */
function signToken(rules: SessionRules, email: string, isAdmin: boolean): string {
  const claims = { sub: email, admin: isAdmin, jti: randomBytes(16).toString('hex') }
  return jwt.sign(claims, rules.jwtSecret, { algorithm: 'HS256' })
}

function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('hex')
}

function expiry(rules: SessionRules): Date {
  return new Date(Date.now() + rules.sessionHours * 3_600_000)
}

/**
 * The session of a token; null where it is forged, ended or expired. Using it renews it, once a minute at most
 * (`renewed`).
 */
export async function findSession(
  db: Queryable,
  rules: SessionRules,
  token: string,
): Promise<{ session: Session; renewed: boolean } | null> {
  try {
    jwt.verify(token, rules.jwtSecret, { algorithms: ['HS256'] })
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

/** A new token for the same session; the old one is dead at once. */
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

/** Without renewing it: an open page alone is no use of a session. */
export async function sessionLives(db: Queryable, id: number): Promise<boolean> {
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

/** What a form of this session must carry: no other site can know it. */
export function csrfTokenOf(rules: SessionRules, session: Session): string {
  return createHmac('sha256', rules.jwtSecret).update(`csrf:${session.tokenHash}`).digest('base64url')
}

const LINK_MINUTES = 15
/** Anyone can ask for a mail to anyone. */
const MOST_LINKS = 5

/** A one-time link's token (LOGIN_MODE=link); only its hash is stored. 429 where that address has too many. */
export async function createLoginLink(
  { db }: Store,
  email: string,
): Promise<{ token: string; minutes: number }> {
  const open = await db.loginLink.count({ where: { email, expiresAt: { gt: new Date() } } })
  if (open >= MOST_LINKS)
    throw new AppError('errors:too_many_links', { email, minutes: LINK_MINUTES }, { status: 429 })
  const token = randomBytes(32).toString('base64url')
  await db.loginLink.create({
    data: { tokenHash: hashToken(token), email, expiresAt: new Date(Date.now() + LINK_MINUTES * 60_000) },
  })
  return { token, minutes: LINK_MINUTES }
}

export async function logInByLink(
  store: Store,
  rules: SessionRules,
  token: string,
  client: Client,
): Promise<LiveSession> {
  const tokenHash = hashToken(token)
  const { count } = await store.db.loginLink.updateMany({
    where: { tokenHash, usedAt: null, expiresAt: { gt: new Date() } },
    data: { usedAt: new Date() },
  })
  if (!count) throw new AppError('errors:login_link_dead', {}, { status: 401 })
  const link = await store.db.loginLink.findUniqueOrThrow({ where: { tokenHash } })
  return openSession(store, rules, link.email, false, client)
}

/** Sessions and login links whose time is over. */
export async function removeExpiredSessions(db: Queryable): Promise<number> {
  const over = { expiresAt: { lte: new Date() } }
  const [sessions] = await Promise.all([
    db.session.deleteMany({ where: over }),
    db.loginLink.deleteMany({ where: over }),
  ])
  return sessions.count
}
