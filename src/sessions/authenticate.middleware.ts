import type { Request, RequestHandler, Response } from 'express'
import type { Context } from '../context.ts'
import type { SessionModel as Session } from '../generated/prisma/models.ts'
import { requireUser } from '../http/access.ts'
import { setSessionCookie, tokenInCookie } from './cookie.middleware.ts'
import { csrfTokenOf } from './session-token.ts'
import { type Client, findSession } from './sessions.ts'

export function authenticate(ctx: Context): RequestHandler {
  return async (req, res, next) => {
    const bearer = /^Bearer\s+(\S+)$/i.exec(req.headers.authorization ?? '')?.[1]
    const token = bearer ?? tokenInCookie(req)
    const found = token ? await findSession(ctx.db, ctx.sessions, token) : null
    if (token && found) {
      const { session, renewed } = found
      res.locals.session = session
      res.locals.byCookie = bearer === undefined
      res.locals.user = { email: session.email, isAdmin: session.isAdmin }
      res.locals.csrfToken = csrfTokenOf(ctx.sessions, session)
      if (renewed && bearer === undefined) setSessionCookie(req, res, token, session)
    }
    next()
  }
}

export function sessionOf(res: Response): Session | null {
  return res.locals.session ?? null
}

/** Throws 401 without a session. */
export function requireSession(res: Response): Session {
  requireUser(res)
  return res.locals.session
}

export function clientOf(req: Request): Client {
  return { ip: req.ip ?? null, userAgent: req.get('user-agent') ?? null }
}
