import { randomBytes } from 'node:crypto'
import type { Transaction } from '../database/client.ts'
import type { Store } from '../database/store.ts'
import { AppError } from '../lib/errors.ts'
import { limitLogins } from './limit-logins.ts'
import { auditRefusal, logInProven } from './log-in.ts'
import { networkOf } from './login-attempts.ts'
import type { Client, LiveSession } from './open-session.ts'
import type { SessionRules } from './session-rules.ts'
import { hashToken } from './session-token.ts'

const LINK_MINUTES = 15

// Anyone can request a link for any address.
const LINKS_PER_EMAIL = 5
const LINKS_PER_CLIENT = 20

export interface LinkRequest {
  email: string
  browser: string
  next: string
  client: Client
}

/** Creates the token of a one-time link; only its hash is stored. Throws 429 where too many were asked for. */
export async function createLoginLink(
  { db }: Store,
  { email, browser, next, client }: LinkRequest,
): Promise<{ token: string; minutes: number }> {
  const ip = networkOf(client.ip)
  const token = randomBytes(32).toString('base64url')
  await db.$transaction(async tx => {
    // One at a time, so that many at once are counted as well.
    await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtext('login links'))`
    await limitLinks(tx, { email, ip })
    const expiresAt = new Date(Date.now() + LINK_MINUTES * 60_000)
    const data = { tokenHash: hashToken(token), browserHash: hashToken(browser), email, next, ip, expiresAt }
    await tx.loginLink.create({ data })
  })
  return { token, minutes: LINK_MINUTES }
}

async function limitLinks(tx: Transaction, { email, ip }: { email: string; ip: string }): Promise<void> {
  const expiresAt = { gt: new Date() }
  const ofEmail = await tx.loginLink.count({ where: { email, expiresAt } })
  const ofClient = await tx.loginLink.count({ where: { ip, expiresAt } })
  if (ofEmail < LINKS_PER_EMAIL && ofClient < LINKS_PER_CLIENT) return
  const key = ofEmail < LINKS_PER_EMAIL ? 'errors:too_many_links_here' : 'errors:too_many_links'
  throw new AppError(key, { email, minutes: LINK_MINUTES }, { status: 429, retryAfter: LINK_MINUTES * 60 })
}

/** Uses the link up, and opens a session. A browser that did not ask for it leaves it as it is. */
export async function logInByLink(
  store: Store,
  rules: SessionRules,
  { token, browser }: { token: string; browser: string },
  client: Client,
): Promise<LiveSession & { next: string }> {
  limitLogins(rules, client)
  const tokenHash = hashToken(token)
  const link = await store.db.loginLink.findUnique({ where: { tokenHash } })
  const method = 'link'
  await auditRefusal(store, { name: link?.email ?? '–', method }, client, async () => {
    if (!link || rules.loginMode !== method) throw linkDead()
    if (link.browserHash !== hashToken(browser))
      throw new AppError('errors:login_link_elsewhere', {}, { status: 401 })
    await useLink(store, tokenHash)
  })
  const { email = '', next = '' } = link ?? {}
  return {
    ...(await logInProven(store, rules, method, { email, inAdminGroup: false, groups: [] }, client)),
    next,
  }
}

async function useLink({ db }: Store, tokenHash: string): Promise<void> {
  const { count } = await db.loginLink.updateMany({
    where: { tokenHash, usedAt: null, expiresAt: { gt: new Date() } },
    data: { usedAt: new Date() },
  })
  if (!count) throw linkDead()
}

const linkDead = () => new AppError('errors:login_link_dead', {}, { status: 401 })
