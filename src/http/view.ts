import { Eta } from 'eta'
import type { Request, Response } from 'express'
import { type Formatters, formattersFor } from '../lib/format.ts'
import { LOCALES, type Locale, type Params, toParams, translate } from '../lib/i18n.ts'
import { localUrl } from '../lib/local-url.ts'
import { shownRate } from '../lib/report-summary.ts'
import { pathInProject } from '../lib/root.ts'
import { stateOf } from '../lib/run-state.ts'
import { type FlashMessage, takeFlash } from './flash.ts'
import { acceptedLocale } from './preferences.ts'

export type Theme = 'light' | 'dark'
export interface Viewer {
  email: string
  isAdmin: boolean
}

export interface SharedLocals {
  t: (key: string, params?: Params) => string
  f: Formatters
  /** Translates a message that was stored as key and params. */
  sentence: (key: string | null, params: unknown, fallback: string | null) => string
  asset: (path: string) => string
  stateOf: typeof stateOf
  shownRate: typeof shownRate
  locale: Locale
  locales: readonly Locale[]
  theme: Theme | null
  /** Shortcuts of one key without a modifier are on. */
  singleKeys: boolean
  /** This browser shows a notification when one's own run ends. */
  notifiesHere: boolean
  user: Viewer | null
  csrfToken: string
  currentPath: string
  currentUrl: string
  projectName: string
  /** The moment before the page was read; see ChangeHistory. */
  liveMark: string
  version: string
  flash: FlashMessage | null
}

export interface Template<Locals extends object> {
  file: string
  /** Never set: carries the type. */
  locals?: Locals
}

export const template = <Locals extends object>(file: string): Template<Locals> => ({ file })

export interface View {
  render: <Locals extends object>(
    res: Response,
    page: Template<Locals>,
    locals: NoInfer<Locals>,
    status?: number,
  ) => void
  sendMailBody: (res: Response, mail: { html: string; chart: Uint8Array | null }) => void
}

const TEMPLATE_HEADER = `
const { t, f, sentence, asset, stateOf, shownRate } = it
const part = (name, data) => include('/partials/' + name, data)
const icon = (name, size = '') => part('icon', { name, size })
`

export function createView(options: { cache: boolean; version: string }): View {
  const eta = new Eta({
    views: pathInProject('views'),
    cache: options.cache,
    autoEscape: true,
    functionHeader: TEMPLATE_HEADER,
  })
  return {
    render(res, { file }, locals, status = 200) {
      const html = eta.render(file, { ...sharedLocals(res, options.version), httpStatus: status, ...locals })
      res.status(status).type('html').set('Cache-Control', 'no-store')
      // `send` would make a buffer of each page, whose memory is free only after the next garbage collection.
      res.set('Content-Length', `${Buffer.byteLength(html)}`).end(html)
    },
    sendMailBody,
  }
}

// A mail brings its styles along; it must not run or load anything. As of the same origin its height can be measured.
const MAIL_POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'; sandbox allow-popups allow-same-origin"

function sendMailBody(res: Response, { html, chart }: { html: string; chart: Uint8Array | null }): void {
  const image = chart ? `data:image/png;base64,${Buffer.from(chart).toString('base64')}` : ''
  res.set('Content-Security-Policy', MAIL_POLICY).set('X-Frame-Options', 'SAMEORIGIN')
  res.type('html').send(html.replaceAll('cid:chart', image))
}

function sharedLocals(res: Response, version: string): SharedLocals {
  const { req } = res
  const locale: Locale = res.locals.locale ?? acceptedLocale(req)
  return {
    t: (key, params) => translate(locale, key.includes(':') ? key : `pages:${key}`, params),
    f: formattersFor(locale, res.locals.timeZone ?? 'UTC'),
    sentence: (key, params, fallback) => (key ? translate(locale, key, toParams(params)) : (fallback ?? '')),
    asset: path => `${path}?v=${version}`,
    stateOf,
    shownRate,
    locale,
    locales: LOCALES,
    theme: res.locals.theme ?? null,
    singleKeys: res.locals.singleKeys ?? true,
    notifiesHere: res.locals.notifiesHere ?? false,
    user: res.locals.user ?? null,
    csrfToken: res.locals.csrfToken ?? '',
    currentPath: req.path,
    currentUrl: req.method === 'GET' ? localUrl(req.originalUrl) : cameFrom(req),
    projectName: res.locals.projectName ?? 'CRAT',
    liveMark: res.locals.liveMark ?? '',
    version,
    flash: takeFlash(req, res),
  }
}

/** A page shown in answer to a POST has no URL of its own: use the page with the form. */
export function cameFrom(req: Request): string {
  const referer = req.get('referer') ?? ''
  return URL.canParse(referer) ? localUrl(new URL(referer).pathname + new URL(referer).search) : '/tests'
}
