import type { Request, RequestHandler, Response } from 'express'
import type { Context } from '../context.ts'
import type { ApiTokenModel as ApiToken, SessionModel as Session } from '../generated/prisma/models.ts'
import { bearerOf, requireUser } from '../http/access.ts'
import { createTokenFinder, looksLikeToken } from '../tokens/tokens.ts'
import { setSessionCookie, tokenInCookie } from './cookie.middleware.ts'
import type { Client } from './open-session.ts'
import type { SessionRules } from './session-rules.ts'
import { csrfTokenOf, isIssuedCsrfToken } from './session-token.ts'

export function authenticate(ctx: Context): RequestHandler {
  const findToken = createTokenFinder(ctx.db)
  return async (req, res, next) => {
    const bearer = bearerOf(req)
    if (bearer && looksLikeToken(bearer)) {
      const token = await findToken(bearer)
      if (token) actAsToken(res, token)
      else res.locals.invalidToken = true
      return next()
    }
    const token = bearer ?? tokenInCookie(req)
    const found = token ? await ctx.sessionCache.find(token) : null
    if (token && found) {
      const { session, renewed } = found
      res.locals.session = session
      res.locals.user = { email: session.email, isAdmin: session.isAdmin, groups: session.groups }
      if (bearer === undefined) actByCookie(res, ctx.sessions, session)
      if (renewed && bearer === undefined) setSessionCookie(req, res, token, session)
    }
    next()
  }
}

/** Browsers send a cookie with the requests of other sites, too: whoever is known by one needs a CSRF token. */
function actByCookie(res: Response, rules: SessionRules, session: Session): void {
  res.locals.byCookie = true
  res.locals.csrfToken = csrfTokenOf(rules, session)
  res.locals.isIssuedCsrfToken = (token: string) => isIssuedCsrfToken(rules, token)
}

function actAsToken(res: Response, { name, scopes }: ApiToken): void {
  res.locals.tokenScopes = scopes
  res.locals.user = { email: `token:${name}`, isAdmin: scopes.includes('admin') }
}

export function sessionOf(res: Response): Session | null {
  return res.locals.session ?? null
}

export function requireSession(res: Response): Session {
  requireUser(res)
  return res.locals.session
}

export function clientOf(req: Request): Client {
  return { ip: req.ip ?? null, userAgent: req.get('user-agent') ?? null }
}
