import { parseCookie } from 'cookie'
import type { CookieOptions, Request, Response } from 'express'
import type { SessionModel as Session } from '../generated/prisma/models.ts'

const NAME = 'crat_session'
// Under https: neither another host of the domain nor a page without TLS can set it.
const HTTPS_NAME = `__Host-${NAME}`

export function tokenInCookie(req: Request): string | undefined {
  const cookies = parseCookie(req.headers.cookie ?? '')
  return cookies[HTTPS_NAME] ?? cookies[NAME]
}

export function setSessionCookie(req: Request, res: Response, token: string, session: Session): void {
  res.cookie(nameFor(req), token, { ...options(req), expires: session.expiresAt })
}

export function clearSessionCookie(req: Request, res: Response): void {
  for (const name of [NAME, HTTPS_NAME]) {
    if (name in parseCookie(req.headers.cookie ?? '')) res.clearCookie(name, options(req))
  }
}

function isHttps(req: Request): boolean {
  return Boolean(req.app.get('https'))
}

function nameFor(req: Request): string {
  return isHttps(req) ? HTTPS_NAME : NAME
}

function options(req: Request): CookieOptions {
  return { httpOnly: true, sameSite: 'lax', path: '/', secure: req.secure || isHttps(req) }
}
