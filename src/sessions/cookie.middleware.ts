import { parseCookie } from 'cookie'
import type { CookieOptions, Request, Response } from 'express'
import type { SessionModel as Session } from '../generated/prisma/models.ts'

const NAME = 'crat_session'

export function tokenInCookie(req: Request): string | undefined {
  return parseCookie(req.headers.cookie ?? '')[NAME]
}

export function setSessionCookie(req: Request, res: Response, token: string, session: Session): void {
  res.cookie(NAME, token, { ...options(req), expires: session.expiresAt })
}

export function clearSessionCookie(req: Request, res: Response): void {
  res.clearCookie(NAME, options(req))
}

function options(req: Request): CookieOptions {
  return { httpOnly: true, sameSite: 'lax', path: '/', secure: req.secure }
}
