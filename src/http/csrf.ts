import type { RequestHandler } from 'express'
import { forbidden } from '../lib/errors.ts'
import { sameSecret } from '../lib/same-secret.ts'

const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS'])

/** Requires a CSRF token from requests that a cookie authenticates. */
export const refuseForgery: RequestHandler = (req, res, next) => {
  if (SAFE_METHODS.has(req.method)) return next()
  if (res.locals.byCookie) {
    const given = req.get('x-csrf-token') ?? (req.body as { _csrf?: unknown } | undefined)?._csrf
    if (typeof given !== 'string' || !sameSecret(given, res.locals.csrfToken))
      throw forbidden('errors:forged')
  } else if (req.get('sec-fetch-site') === 'cross-site' && !req.headers.authorization) {
    // Login CSRF: another site could log the browser in to its own account.
    throw forbidden('errors:forged')
  }
  next()
}
