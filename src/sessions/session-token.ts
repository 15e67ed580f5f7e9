import { createHmac, randomBytes } from 'node:crypto'
import jwt from 'jsonwebtoken'
import type { SessionModel as Session } from '../generated/prisma/models.ts'
import type { SessionRules } from './session-rules.ts'

// Without `exp`: the row in the database holds the expiry, because using a session renews it.
export function signToken(rules: SessionRules, email: string, isAdmin: boolean): string {
  const claims = { sub: email, admin: isAdmin, jti: randomBytes(16).toString('hex') }
  return jwt.sign(claims, rules.jwtKey, { algorithm: 'HS256' })
}

export { hashToken } from '../lib/hash-token.ts'

export function csrfTokenOf(rules: SessionRules, session: Session): string {
  return createHmac('sha256', rules.jwtKey).update(`csrf:${session.tokenHash}`).digest('base64url')
}
