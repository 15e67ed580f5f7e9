import { recordChange } from '../audit/audit.ts'
import type { Transaction } from '../database/client.ts'
import { announceChange } from '../database/live.ts'
import type { Store } from '../database/store.ts'
import type { SessionModel as Session } from '../generated/prisma/models.ts'
import { networkOf } from './login-attempts.ts'
import type { LoginMethod, SessionRules } from './session-rules.ts'
import { hashToken, signToken } from './session-token.ts'

export interface Client {
  ip: string | null
  userAgent: string | null
}

export interface LiveSession {
  token: string
  session: Session
}

export interface NewSession {
  email: string
  isAdmin: boolean
  method: LoginMethod
  groups?: string[]
}

export async function openSession(
  { db }: Pick<Store, 'db'>,
  rules: SessionRules,
  opened: NewSession,
  client: Client,
): Promise<LiveSession> {
  const token = signToken(rules, opened.email, opened.isAdmin)
  const session = await db.$transaction(async tx => {
    await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtext(${`session ${opened.email}`}))`
    await endOldest(tx, rules, opened, client)
    const action = opened.method === 'password' ? 'log in with password' : 'log in'
    const after = { method: opened.method, admin: opened.isAdmin }
    await recordChange(tx, { actor: opened.email, action, subject: opened.email, after, ip: client.ip })
    const userAgent = client.userAgent?.slice(0, 500) ?? null
    const data = { ...opened, tokenHash: hashToken(token), ip: client.ip, userAgent }
    return tx.session.create({ data: { ...data, expiresAt: expiryOf(rules) } })
  })
  return { token, session }
}

// Whoever types an address must not end its owner's work: an admin's session is of another kind, and one's own, as far
// as the network says, end before those of others.
async function endOldest(
  tx: Transaction,
  rules: SessionRules,
  { email, isAdmin }: NewSession,
  { ip }: Client,
): Promise<void> {
  const live = await tx.session.findMany({
    where: { email, isAdmin, expiresAt: { gt: new Date() } },
    orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
    select: { id: true, ip: true },
  })
  const isFromHere = (session: { ip: string | null }) => networkOf(session.ip) === networkOf(ip)
  const inOrder = [...live.filter(isFromHere), ...live.filter(session => !isFromHere(session))]
  for (const { id } of inOrder.slice(0, Math.max(0, live.length + 1 - rules.sessionsPerUser))) {
    await tx.session.delete({ where: { id } })
    await announceChange(tx, { topic: 'session', id })
    const after = { reason: 'newer session' }
    await recordChange(tx, { actor: email, action: 'end session', subject: email, after, ip })
  }
}

export function expiryOf(rules: SessionRules): Date {
  return new Date(Date.now() + rules.sessionHours * 3_600_000)
}
