import { createHmac, randomBytes } from 'node:crypto'
import jwt from 'jsonwebtoken'
import type { SessionModel as Session } from '../generated/prisma/models.ts'
import { sameSecret } from '../lib/same-secret.ts'
import type { SessionRules } from './session-rules.ts'

// Without `exp`: the row in the database holds the expiry, because using a session renews it.
export function signToken(rules: SessionRules, email: string, isAdmin: boolean): string {
  const claims = { sub: email, admin: isAdmin, jti: randomBytes(16).toString('hex') }
  return jwt.sign(claims, rules.jwtKey, { algorithm: 'HS256' })
}

export { hashToken } from '../lib/hash-token.ts'

/** The second half proves that the first was issued here, after the session has ended, too. */
export function csrfTokenOf(rules: SessionRules, session: Session): string {
  const own = sign(rules, `csrf:${session.tokenHash}`)
  return own + sign(rules, `issued:${own}`)
}

export function isIssuedCsrfToken(rules: SessionRules, token: string): boolean {
  const half = token.length / 2
  return sameSecret(token.slice(half), sign(rules, `issued:${token.slice(0, half)}`))
}

function sign({ jwtKey }: SessionRules, text: string): string {
  return createHmac('sha256', jwtKey).update(text).digest('base64url')
}
