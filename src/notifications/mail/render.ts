import { Eta } from 'eta'
import { type Locale, type Params, translate } from '../../lib/i18n.ts'
import { pathInProject } from '../../lib/root.ts'
import { TONES } from './colours.ts'

/** A mail without its recipient. */
export interface RenderedMail {
  /** One line, without control characters. */
  subject: string
  html: string
  text: string
}

export type Translate = (key: string, params?: Params) => string

// What every template may call by its bare name.
const TEMPLATE_HEADER = `
const { t, m } = it
const part = (name, data) => include('/partials/' + name, { t, ...data })
`

const eta = new Eta({
  views: pathInProject('views/mail'),
  cache: true,
  autoEscape: true,
  functionHeader: TEMPLATE_HEADER,
})

/** What every mail shows around its own. */
export interface Letter {
  /** What a list of mails shows beside the subject. */
  preheader: string
  projectName: string
  headline: string
  /** Why the reader gets it. */
  why: string
}

/** `m` is what the template shows; every text in it is escaped there. */
export function renderHtml<M extends Letter>(template: string, locale: Locale, m: M): string {
  return eta.render(template, { t: translator(locale), locale, m, tones: TONES })
}

/** Sentences of mails by their bare key, others by `namespace:key`. */
export function translator(locale: Locale): Translate {
  return (key, params) => translate(locale, key.includes(':') ? key : `mail:${key}`, params)
}

/** `2026-11-20 14:03:22 +08:00`, in the zone of this server. */
export function formatInstant(at: Date): string {
  const east = -at.getTimezoneOffset()
  const local = new Date(at.getTime() + east * 60_000).toISOString()
  const two = (value: number) => String(Math.floor(value)).padStart(2, '0')
  const offset = `${east < 0 ? '-' : '+'}${two(Math.abs(east) / 60)}:${two(Math.abs(east) % 60)}`
  return `${local.slice(0, 10)} ${local.slice(11, 19)} ${offset}`
}
