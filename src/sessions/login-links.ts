import { randomBytes } from 'node:crypto'
import type { Store } from '../database/store.ts'
import { AppError } from '../lib/errors.ts'
import type { SessionRules } from './session-rules.ts'
import { hashToken } from './session-token.ts'
import { type Client, type LiveSession, openSession } from './sessions.ts'

const LINK_MINUTES = 15

// Anyone can request a link for any address.
const MAX_OPEN_LINKS = 5

/** Creates the token of a one-time link; only its hash is stored. Throws 429 if the address has too many. */
export async function createLoginLink(
  { db }: Store,
  email: string,
): Promise<{ token: string; minutes: number }> {
  const open = await db.loginLink.count({ where: { email, expiresAt: { gt: new Date() } } })
  if (open >= MAX_OPEN_LINKS)
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
