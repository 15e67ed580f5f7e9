import { parseCookie } from 'cookie'
import type { CookieOptions, Request, RequestHandler } from 'express'
import { isLocale, type Locale } from '../lib/i18n.ts'
import { isTimeZone } from '../lib/time-zone.ts'

const YEAR_MS = 365 * 24 * 3_600_000
export const PREFERENCE_COOKIE: CookieOptions = { maxAge: YEAR_MS, sameSite: 'lax', path: '/' }

export const readPreferences: RequestHandler = (req, res, next) => {
  const cookies = parseCookie(req.headers.cookie ?? '')
  res.locals.locale = isLocale(cookies.lang) ? cookies.lang : acceptedLocale(req)
  res.locals.theme = cookies.theme === 'light' || cookies.theme === 'dark' ? cookies.theme : null
  res.locals.timeZone = cookies.tz && isTimeZone(cookies.tz) ? cookies.tz : 'UTC'
  res.locals.singleKeys = cookies.keys !== 'off'
  res.locals.notifiesHere = cookies.notify === 'on'
  res.vary('Accept-Language')
  next()
}

export function acceptedLocale(req: Request): Locale {
  const accepted = req.acceptsLanguages('en', 'zh-CN', 'zh')
  return typeof accepted === 'string' && accepted.startsWith('zh') ? 'zh-CN' : 'en'
}
