import type { RequestHandler } from 'express'
import { rateLimit } from 'express-rate-limit'
import { AppError } from '../lib/errors.ts'

const WINDOW_MS = 5 * 60_000
const FAILURES = 20

/** Slows down whoever tries passwords: so many refused logins from one address in a while, then none. */
export function limitFailedLogins(): RequestHandler {
  return rateLimit({
    windowMs: WINDOW_MS,
    limit: FAILURES,
    skipSuccessfulRequests: true,
    // A whole office may share an address: what someone mistypes beside the password is not counted.
    requestWasSuccessful: (_req, res) => res.statusCode !== 401,
    standardHeaders: true,
    legacyHeaders: false,
    // TRUST_PROXY says whom to believe; what comes from others is nothing to complain about.
    validate: { trustProxy: false, xForwardedForHeader: false },
    // It sets Retry-After before it asks for the answer.
    handler: () => {
      throw new AppError('errors:too_many_logins', { minutes: WINDOW_MS / 60_000 }, { status: 429 })
    },
  })
}
