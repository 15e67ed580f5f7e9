import { parseCookie } from 'cookie'
import type { CookieOptions, Request, Response } from 'express'
import type { SessionModel as Session } from '../generated/prisma/models.ts'

const SESSION = 'crat_session'
const LOGIN = 'crat_login'
const LOGIN_MS = 30 * 60_000

export function tokenInCookie(req: Request): string | undefined {
  return parseCookie(req.headers.cookie ?? '')[SESSION]
}

export function setSessionCookie(req: Request, res: Response, token: string, session: Session): void {
  res.cookie(SESSION, token, { ...options(req), expires: session.expiresAt })
}

export function clearSessionCookie(req: Request, res: Response): void {
  res.clearCookie(SESSION, options(req))
}

/** What this browser keeps while its owner proves who they are elsewhere. */
export function loginCookie(req: Request): string | undefined {
  return parseCookie(req.headers.cookie ?? '')[LOGIN]
}

export function setLoginCookie(req: Request, res: Response, value: string): void {
  res.cookie(LOGIN, value, { ...options(req), maxAge: LOGIN_MS })
}

export function clearLoginCookie(req: Request, res: Response): void {
  res.clearCookie(LOGIN, options(req))
}

function options(req: Request): CookieOptions {
  return { httpOnly: true, sameSite: 'lax', path: '/', secure: req.secure }
}
