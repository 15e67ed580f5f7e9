import jwt from 'jsonwebtoken'
import type { Queryable } from '../database/client.ts'
import type { SessionModel as Session } from '../generated/prisma/models.ts'
import { expiryOf } from './open-session.ts'
import type { SessionRules } from './session-rules.ts'
import { hashToken } from './session-token.ts'

export interface FoundSession {
  session: Session
  renewed: boolean
}

/** Returns null if the token is invalid or expired. Renews the session at most once a minute (`renewed`). */
export async function findSession(
  db: Queryable,
  rules: SessionRules,
  token: string,
): Promise<FoundSession | null> {
  try {
    jwt.verify(token, rules.jwtKey, { algorithms: ['HS256'] })
  } catch {
    return null
  }
  const session = await db.session.findUnique({ where: { tokenHash: hashToken(token) } })
  if (!session || session.expiresAt <= new Date() || !isStillAccepted(rules, session)) return null
  if (Date.now() - session.lastSeenAt.getTime() < 60_000) return { session, renewed: false }
  const renewed = { lastSeenAt: new Date(), expiresAt: expiryOf(rules) }
  await db.session.updateMany({ where: { id: session.id, tokenHash: session.tokenHash }, data: renewed })
  return { session: { ...session, ...renewed }, renewed: true }
}

// After a change of LOGIN_MODE nobody stays logged in by the weaker way.
function isStillAccepted(rules: SessionRules, { method }: Session): boolean {
  return method === 'password' || method === rules.loginMode
}
