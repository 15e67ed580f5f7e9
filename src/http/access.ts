import type { Response } from 'express'
import { AppError, forbidden } from '../lib/errors.ts'
import type { Person } from '../lib/person.ts'

/** Who may call a route. `webhook`: with the webhook's secret, or anyone if none is configured. */
export type Who = 'public' | 'user' | 'admin' | 'webhook'

export function personOf(res: Response): Person {
  const { email = '', isAdmin = false } = res.locals.user ?? {}
  return { email, isAdmin, locale: res.locals.locale ?? 'en' }
}

export function requireUser(res: Response): void {
  if (!res.locals.user) throw new AppError('errors:not_logged_in', {}, { status: 401 })
}

export function requireAdmin(res: Response): void {
  requireUser(res)
  if (!personOf(res).isAdmin) throw forbidden('errors:admins_only')
}
