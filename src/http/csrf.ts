import type { RequestHandler } from 'express'
import { forbidden } from '../lib/errors.ts'
import { sameSecret } from '../lib/same-secret.ts'
import { type Names, refuseForeignOrigin } from './origin.ts'

const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS'])

/** Requires our own origin and a CSRF token from requests that a cookie authenticates, and our origin for logins. */
export function refuseForgery(config: Names): RequestHandler {
  return (req, res, next) => {
    if (SAFE_METHODS.has(req.method)) return next()
    // Without a session, too: another site could log the browser in to its own account.
    if (res.locals.byCookie || !req.headers.authorization) refuseForeignOrigin(req, config)
    if (res.locals.byCookie) {
      const given = req.get('x-csrf-token') ?? (req.body as { _csrf?: unknown } | undefined)?._csrf
      if (typeof given !== 'string' || !sameSecret(given, res.locals.csrfToken)) {
        res.locals.isOfEarlierSession = typeof given === 'string' && res.locals.isIssuedCsrfToken(given)
        throw forbidden('errors:forged')
      }
    }
    next()
  }
}
