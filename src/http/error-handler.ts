import type { ErrorRequestHandler, Request, Response } from 'express'
import type { Context } from '../context.ts'
import { isDatabaseUnavailable, isLostRace } from '../database/client.ts'
import { AppError, invalid } from '../lib/errors.ts'
import type { Locale } from '../lib/i18n.ts'
import { flash } from './flash.ts'
import { keepPendingForm } from './pending-form.ts'
import { cameFrom, template } from './view.ts'

const errorPage = template<{ status: number; message: string }>('pages/error')

export function answerErrors(ctx: Context): ErrorRequestHandler {
  return (raw, req, res, _next) => {
    const error = asAppError(raw)
    if (error.status >= 500) ctx.log.error({ err: raw, path: req.path }, 'request failed')
    if (res.headersSent) return void res.destroy()
    if (error.status === 503) res.set('Retry-After', '5')
    if (error.retryAfter !== null) res.set('Retry-After', `${error.retryAfter}`)
    if (wantsJson(req.path)) return answerJson(res, error)
    if (error.status === 401) return sendToLogin(ctx, req, res)
    if (isOfEarlierSession(error, req, res) && keepPendingForm(ctx, req, res)) return offerAgain(req, res)
    const locale: Locale = res.locals.locale ?? 'en'
    ctx.view.render(res, errorPage, { status: error.status, message: error.inLocale(locale) }, error.status)
  }
}

function sendToLogin(ctx: Context, req: Request, res: Response): void {
  const isGet = req.method === 'GET'
  if (!isGet && !keepPendingForm(ctx, req, res)) flash(res, 'failed', 'pages:flash.form_not_kept')
  const next = isGet ? req.originalUrl : cameFrom(req)
  res.redirect(isGet ? 302 : 303, loginPage(next))
}

/** A page that was opened before somebody logged in anew, perhaps in another tab. */
function isOfEarlierSession(error: AppError, req: Request, res: Response): boolean {
  return error.key === 'errors:forged' && req.method === 'POST' && res.locals.isOfEarlierSession
}

function offerAgain(req: Request, res: Response): void {
  res.redirect(303, `/login/resume?next=${encodeURIComponent(cameFrom(req))}`)
}

function wantsJson(path: string): boolean {
  return /^\/(api(\/|$)|(health|ready|metrics|live)$)/.test(path)
}

function answerJson(res: Response, error: AppError): void {
  const details = error.details.map(({ path, message }) => ({ path, message }))
  res
    .status(error.status)
    .json({ error: error.message, code: error.code, ...(details.length > 0 && { details }) })
}

function asAppError(raw: unknown): AppError {
  if (raw instanceof AppError) return raw
  if (isDatabaseUnavailable(raw)) return new AppError('database:unavailable', {}, { status: 503, cause: raw })
  if (isLostRace(raw)) return new AppError('errors:changed_meanwhile', {}, { status: 409, cause: raw })
  const { type, status, limit } = raw as { type?: string; status?: number; limit?: number }
  if (type === 'entity.too.large')
    return new AppError('errors:too_large', { limit: limit ?? 0 }, { status: 413 })
  if (raw instanceof URIError) return invalid('errors:broken_url')
  if (type === 'encoding.unsupported' || type === 'charset.unsupported') {
    return new AppError('errors:unsupported_encoding', {}, { status: 415 })
  }
  if (status && status >= 400 && status < 500) return new AppError('errors:broken_request', {}, { status })
  return new AppError('errors:unexpected', {}, { status: 500, cause: raw })
}

/** Encoded again, a very long address would exceed what clients read of headers. */
const MAX_NEXT = 2_000

function loginPage(next: string): string {
  return next.length > MAX_NEXT ? '/login' : `/login?next=${encodeURIComponent(next)}`
}
