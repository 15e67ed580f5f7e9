import { parseCookie } from 'cookie'
import { Eta } from 'eta'
import type { CookieOptions, Request, RequestHandler, Response } from 'express'
import * as format from '../lib/format.ts'
import { isLocale, LOCALES, type Locale, type Params, translate } from '../lib/i18n.ts'

export type Theme = 'light' | 'dark'
export interface Viewer {
  email: string
  isAdmin: boolean
}
export type FlashTone = 'done' | 'failed'
export interface FlashMessage {
  tone: FlashTone
  /** `namespace:key` of the sentence. */
  key: string
  params: Params
}
export type Formatters = ReturnType<typeof formattersFor>

/** What a page reads beside its own locals. Middleware sets `res.locals`: user, csrfToken, projectName. */
export interface SharedLocals {
  t: (key: string, params?: Params) => string
  f: Formatters
  /** A sentence that was stored as key and params, told in the reader's language. */
  told: (key: string | null, params: unknown, fallback: string | null) => string
  asset: (path: string) => string
  stateOf: typeof stateOf
  locale: Locale
  locales: readonly Locale[]
  theme: Theme | null
  user: Viewer | null
  csrfToken: string
  currentPath: string
  /** Path and query: where a preference form comes back to. */
  currentUrl: string
  projectName: string
  version: string
  flash: FlashMessage | null
}

export interface View {
  /** Reads language, theme and zone from the request into `res.locals`; goes before every page. */
  readPreferences: RequestHandler
  /** Answers with `views/<page>.eta`. */
  render: (res: Response, page: string, locals?: object, status?: number) => void
  /** Answers with a mail as it was sent, for a frame of one of our pages. */
  sendMailBody: (res: Response, mail: { html: string; chart: Uint8Array | null }) => void
}

const YEAR_MS = 365 * 24 * 3_600_000
export const PREFERENCE_COOKIE: CookieOptions = { maxAge: YEAR_MS, sameSite: 'lax', path: '/' }
const FLASH_COOKIE: CookieOptions = { maxAge: 60_000, sameSite: 'lax', path: '/', httpOnly: true }

// What every template may call by its bare name.
const TEMPLATE_HEADER = `
const { t, f, told, asset, stateOf } = it
const part = (name, data) => include('/partials/' + name, data)
const icon = (name, size = '') => part('icon', { name, size })
`

/** The one Eta of the process. `cache` keeps compiled templates: off while they are being edited. */
export function createView(options: { cache: boolean; version: string }): View {
  const eta = new Eta({
    views: new URL('../../views/', import.meta.url).pathname,
    cache: options.cache,
    autoEscape: true,
    functionHeader: TEMPLATE_HEADER,
  })

  function render(res: Response, page: string, locals: object = {}, status = 200): void {
    const shared = sharedLocals(res, options.version)
    const html = eta.render(page, { ...shared, httpStatus: status, ...locals })
    if (shared.flash) res.clearCookie('flash', { ...FLASH_COOKIE, maxAge: undefined })
    res.status(status).type('html').set('Cache-Control', 'no-store').send(html)
  }

  return { readPreferences, render, sendMailBody }
}

// A mail has its styles inside; it runs nothing and loads nothing.
const MAIL_POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'; sandbox allow-popups"

function sendMailBody(res: Response, { html, chart }: { html: string; chart: Uint8Array | null }): void {
  const image = chart ? `data:image/png;base64,${Buffer.from(chart).toString('base64')}` : ''
  res.set('Content-Security-Policy', MAIL_POLICY).set('X-Frame-Options', 'SAMEORIGIN')
  res.type('html').send(html.replaceAll('cid:chart', image))
}

const readPreferences: RequestHandler = (req, res, next) => {
  const cookies = parseCookie(req.headers.cookie ?? '')
  res.locals.locale = isLocale(cookies.lang) ? cookies.lang : acceptedLocale(req)
  res.locals.theme = cookies.theme === 'light' || cookies.theme === 'dark' ? cookies.theme : null
  res.locals.timeZone = cookies.tz && format.isTimeZone(cookies.tz) ? cookies.tz : 'UTC'
  res.locals.flash = readFlash(cookies.flash)
  res.vary('Accept-Language')
  next()
}

function acceptedLocale(req: Request): Locale {
  const accepted = req.acceptsLanguages('en', 'zh-CN', 'zh')
  return typeof accepted === 'string' && accepted.startsWith('zh') ? 'zh-CN' : 'en'
}

/** Says something on the next page that this browser opens. */
export function flash(res: Response, tone: FlashTone, key: string, params: Params = {}): void {
  const message: FlashMessage = { tone, key, params }
  res.cookie('flash', Buffer.from(JSON.stringify(message)).toString('base64url'), FLASH_COOKIE)
}

function readFlash(cookie: string | undefined): FlashMessage | null {
  if (!cookie) return null
  try {
    const { tone, key, params } = JSON.parse(Buffer.from(cookie, 'base64url').toString())
    if (typeof key !== 'string' || (tone !== 'done' && tone !== 'failed')) return null
    return { tone, key, params: asParams(params) }
  } catch {
    // A cookie that somebody else wrote or cut: nothing to say.
    return null
  }
}

function sharedLocals(res: Response, version: string): SharedLocals {
  const { req } = res
  const locale: Locale = res.locals.locale ?? acceptedLocale(req)
  return {
    t: (key, params) => translate(locale, key.includes(':') ? key : `pages:${key}`, params),
    f: formattersFor(locale, res.locals.timeZone ?? 'UTC'),
    told: (key, params, fallback) => (key ? translate(locale, key, asParams(params)) : (fallback ?? '')),
    asset: path => `${path}?v=${version}`,
    stateOf,
    locale,
    locales: LOCALES,
    theme: res.locals.theme ?? null,
    user: res.locals.user ?? null,
    csrfToken: res.locals.csrfToken ?? '',
    currentPath: req.path,
    currentUrl: req.method === 'GET' ? req.originalUrl : cameFrom(req),
    projectName: res.locals.projectName ?? 'CRAT',
    version,
    flash: res.locals.flash ?? null,
  }
}

/** The page whose form this is: what a POST shows has no address of its own. */
function cameFrom(req: Request): string {
  const referer = req.get('referer') ?? ''
  return URL.canParse(referer) ? new URL(referer).pathname + new URL(referer).search : '/tests'
}

function asParams(value: unknown): Params {
  if (typeof value !== 'object' || value === null) return {}
  const simple = (each: unknown) =>
    typeof each === 'string' || typeof each === 'number' || each === null ? each : JSON.stringify(each)
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, simple(each)]))
}

function formattersFor(locale: Locale, timeZone: string) {
  const now = new Date()
  return {
    now,
    number: (value: number, digits?: number) => format.formatNumber(locale, value, digits),
    percent: (value: number) => format.formatPercent(locale, value),
    bytes: (value: number) => format.formatBytes(locale, value),
    duration: (ms: number) => format.formatDuration(locale, ms),
    relative: (at: Date) => format.formatRelative(locale, at, now),
    dateTime: (at: Date) => format.formatDateTime(locale, at, timeZone),
  }
}

export type Tone = 'quiet' | 'active' | 'passed' | 'failed' | 'unknown' | 'warn'

const STATES: Record<string, { tone: Tone; icon: string }> = {
  PENDING: { tone: 'quiet', icon: 'clock' },
  DOWNLOADING: { tone: 'active', icon: 'download' },
  DOWNLOADED: { tone: 'active', icon: 'box' },
  TESTING: { tone: 'active', icon: 'flask' },
  MONITORING: { tone: 'active', icon: 'pulse' },
  passed: { tone: 'passed', icon: 'check-circle' },
  failed: { tone: 'failed', icon: 'x-circle' },
  unknown: { tone: 'unknown', icon: 'question' },
  DEPLOY_COMPLETE: { tone: 'quiet', icon: 'rocket' },
  FAILED: { tone: 'warn', icon: 'alert' },
  CANCELLED: { tone: 'quiet', icon: 'ban' },
}

/** How a run's state is shown, everywhere: a word (`pages:state.<word>`), a tone and an icon. */
export function stateOf(run: { status: string; outcome: string | null }) {
  const word = run.status === 'COMPLETED' ? (run.outcome ?? 'unknown') : run.status
  return { word, tone: 'quiet' as Tone, icon: 'question', ...STATES[word] }
}
