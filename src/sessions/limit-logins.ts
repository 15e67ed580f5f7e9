import { AppError } from '../lib/errors.ts'
import { createRateLimit, type RateLimit } from '../lib/rate-limit.ts'
import { networkOf } from './login-attempts.ts'
import type { Client } from './open-session.ts'
import type { SessionRules } from './session-rules.ts'

// A whole office may come from one address in the morning; each login is a row in the audit log.
const LOGINS_PER_MINUTE = 120

export function createLoginLimit(): RateLimit {
  return createRateLimit({ limit: LOGINS_PER_MINUTE, windowMs: 60_000 })
}

/** Counts a login, whether it succeeds or not. Throws 429 where too many came from the same network. */
export function limitLogins({ logins }: SessionRules, { ip }: Client): void {
  const network = networkOf(ip)
  const seconds = logins.waitOf(network)
  if (seconds)
    throw new AppError('errors:too_many_requests', { seconds }, { status: 429, retryAfter: seconds })
  logins.count(network)
}
