import { createHmac } from 'node:crypto'
import { parseCookie } from 'cookie'
import type { CookieOptions, Request, RequestHandler, Response } from 'express'
import type { Context } from '../context.ts'
import type { SessionModel as Session } from '../generated/prisma/models.ts'
import { AppError, forbidden } from '../lib/errors.ts'
import { type Client, csrfTokenOf, findSession, sameSecret } from './sessions.ts'

const COOKIE = 'crat_session'

/** Finds out whose request it is: by bearer token, else by the browser's cookie. */
export function authenticate(ctx: Context): RequestHandler {
  return async (req, res, next) => {
    const bearer = /^Bearer\s+(\S+)$/i.exec(req.headers.authorization ?? '')?.[1]
    const token = bearer ?? parseCookie(req.headers.cookie ?? '')[COOKIE]
    const found = token ? await findSession(ctx.db, ctx.sessions, token) : null
    if (token && found) {
      const { session, renewed } = found
      res.locals.session = session
      res.locals.byCookie = bearer === undefined
      res.locals.user = { email: session.email, isAdmin: session.isAdmin }
      res.locals.csrfToken = csrfTokenOf(ctx.sessions, session)
      // A session that is used lives on, and its cookie with it.
      if (renewed && bearer === undefined) setSessionCookie(req, res, token, session)
    }
    next()
  }
}

export function sessionOf(res: Response): Session | null {
  return (res.locals.session as Session | undefined) ?? null
}

export function requireUser(res: Response): void {
  if (!sessionOf(res)) throw new AppError('errors:not_logged_in', {}, { status: 401 })
}

export function requireAdmin(res: Response): void {
  requireUser(res)
  if (!sessionOf(res)?.isAdmin) throw forbidden('errors:admins_only')
}

/** Where a secret is set, POST /builds must prove that it knows it, in one of three ways. */
export function requireWebhookSecret(ctx: Context, req: Request): void {
  const secret = ctx.config.webhookToken
  if (!secret) return
  const bearer = /^Bearer\s+(.+)$/i.exec(req.headers.authorization ?? '')?.[1]
  const body = Buffer.isBuffer(req.body) ? req.body : ''
  const signature = `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`
  const proven =
    (bearer !== undefined && sameSecret(bearer, secret)) ||
    sameSecret(req.get('x-crat-token') ?? '', secret) ||
    sameSecret(req.get('x-hub-signature-256') ?? '', signature)
  if (!proven) throw new AppError('errors:webhook_secret', {}, { status: 401 })
}

const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS'])

/** What a cookie authenticates must also prove that it comes from one of our own pages. */
export const refuseForgery: RequestHandler = (req, res, next) => {
  if (SAFE_METHODS.has(req.method)) return next()
  if (res.locals.byCookie) {
    const given = req.get('x-csrf-token') ?? (req.body as { _csrf?: unknown } | undefined)?._csrf
    if (typeof given !== 'string' || !sameSecret(given, res.locals.csrfToken))
      throw forbidden('errors:forged')
  } else if (req.get('sec-fetch-site') === 'cross-site' && !req.headers.authorization) {
    // Logging someone in from another site is forgery too.
    throw forbidden('errors:forged')
  }
  next()
}

export function clientOf(req: Request): Client {
  return { ip: req.ip ?? null, userAgent: req.get('user-agent') ?? null }
}

export function setSessionCookie(req: Request, res: Response, token: string, session: Session): void {
  res.cookie(COOKIE, token, { ...cookieOptions(req), expires: session.expiresAt })
}

export function clearSessionCookie(req: Request, res: Response): void {
  res.clearCookie(COOKIE, cookieOptions(req))
}

function cookieOptions(req: Request): CookieOptions {
  return { httpOnly: true, sameSite: 'lax', path: '/', secure: req.secure }
}
