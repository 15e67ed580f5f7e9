import type { RequestHandler } from 'express'
import { rateLimit } from 'express-rate-limit'
import { AppError } from '../lib/errors.ts'

const WINDOW_MS = 5 * 60_000
const FAILURES = 20

/** Limits failed logins per client address, against password guessing. */
export function limitFailedLogins(): RequestHandler {
  return rateLimit({
    windowMs: WINDOW_MS,
    limit: FAILURES,
    skipSuccessfulRequests: true,
    // An office may share one address: only wrong passwords count.
    requestWasSuccessful: (_req, res) => res.statusCode !== 401,
    standardHeaders: true,
    legacyHeaders: false,
    // TRUST_PROXY decides whose headers count; those of others are no misconfiguration.
    validate: { trustProxy: false, xForwardedForHeader: false },
    // express-rate-limit has set Retry-After by then.
    handler: () => {
      throw new AppError('errors:too_many_logins', { minutes: WINDOW_MS / 60_000 }, { status: 429 })
    },
  })
}
