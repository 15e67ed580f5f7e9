import { parseCookie } from 'cookie'
import type { CookieOptions, Request, Response } from 'express'
import type { SessionModel as Session } from '../generated/prisma/models.ts'

const SESSION = 'crat_session'
const LOGIN = 'crat_login'
const LOGIN_MS = 30 * 60_000

export function tokenInCookie(req: Request): string | undefined {
  return readCookie(req, SESSION)
}

export function setSessionCookie(req: Request, res: Response, token: string, session: Session): void {
  res.cookie(nameFor(req, SESSION), token, { ...options(req), expires: session.expiresAt })
}

export function clearSessionCookie(req: Request, res: Response): void {
  clearCookie(req, res, SESSION)
}

export function loginCookie(req: Request): string | undefined {
  return readCookie(req, LOGIN)
}

export function setLoginCookie(req: Request, res: Response, value: string): void {
  res.cookie(nameFor(req, LOGIN), value, { ...options(req), maxAge: LOGIN_MS })
}

export function clearLoginCookie(req: Request, res: Response): void {
  clearCookie(req, res, LOGIN)
}

function readCookie(req: Request, name: string): string | undefined {
  const cookies = parseCookie(req.headers.cookie ?? '')
  return cookies[httpsName(name)] ?? cookies[name]
}

function clearCookie(req: Request, res: Response, name: string): void {
  for (const each of [name, httpsName(name)]) {
    if (each in parseCookie(req.headers.cookie ?? '')) res.clearCookie(each, options(req))
  }
}

function isHttps(req: Request): boolean {
  return Boolean(req.app.get('https'))
}

// Neither another host of the domain nor a page without TLS can set it.
const httpsName = (name: string) => `__Host-${name}`

function nameFor(req: Request, name: string): string {
  return isHttps(req) ? httpsName(name) : name
}

function options(req: Request): CookieOptions {
  return { httpOnly: true, sameSite: 'lax', path: '/', secure: req.secure || isHttps(req) }
}
