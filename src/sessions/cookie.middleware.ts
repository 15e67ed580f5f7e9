import { parseCookie } from 'cookie'
import type { CookieOptions, Request, Response } from 'express'
import type { SessionModel as Session } from '../generated/prisma/models.ts'

const SESSION = 'crat_session'
// Under https: neither another host of the domain nor a page without TLS can set it.
const HTTPS_SESSION = `__Host-${SESSION}`
const LOGIN = 'crat_login'
const LOGIN_MS = 30 * 60_000

export function tokenInCookie(req: Request): string | undefined {
  const cookies = parseCookie(req.headers.cookie ?? '')
  return cookies[HTTPS_SESSION] ?? cookies[SESSION]
}

export function setSessionCookie(req: Request, res: Response, token: string, session: Session): void {
  res.cookie(isHttps(req) ? HTTPS_SESSION : SESSION, token, { ...options(req), expires: session.expiresAt })
}

export function clearSessionCookie(req: Request, res: Response): void {
  for (const name of [SESSION, HTTPS_SESSION]) {
    if (name in parseCookie(req.headers.cookie ?? '')) res.clearCookie(name, options(req))
  }
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

function isHttps(req: Request): boolean {
  return Boolean(req.app.get('https'))
}

function options(req: Request): CookieOptions {
  return { httpOnly: true, sameSite: 'lax', path: '/', secure: req.secure || isHttps(req) }
}
