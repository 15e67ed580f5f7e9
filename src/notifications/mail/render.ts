import { Eta } from 'eta'
import { type Locale, type Params, translate } from '../../lib/i18n.ts'
import { pathInProject } from '../../lib/root.ts'
import { TONES } from './colours.ts'

export interface RenderedMail {
  subject: string
  html: string
  text: string
}

export type Sentence = { key: string; params: Params } | string

export type Translate = (key: string, params?: Params) => string

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

/** The link that ends what a mail was sent for. */
export interface Unsubscribe {
  label: string
  url: string
}

export interface Letter {
  preheader: string
  projectName: string
  headline: string
  why: string
  unsubscribe?: Unsubscribe | null
}

export function renderHtml<M extends Letter>(template: string, locale: Locale, m: M): string {
  return eta.render(template, { t: translator(locale), locale, m, tones: TONES })
}

export function translator(locale: Locale): Translate {
  return (key, params) => translate(locale, key.includes(':') ? key : `mail:${key}`, params)
}

export function unsubscribeOf(
  { unsubscribeUrl: url }: { unsubscribeUrl?: string },
  t: Translate,
): Unsubscribe | null {
  return url ? { label: t('unsubscribe'), url } : null
}

export function sentence(error: Sentence, t: Translate): string {
  return typeof error === 'string' ? error : t(error.key, error.params)
}

export function formatInstant(at: Date): string {
  const east = -at.getTimezoneOffset()
  const local = new Date(at.getTime() + east * 60_000).toISOString()
  const two = (value: number) => String(Math.floor(value)).padStart(2, '0')
  const offset = `${east < 0 ? '-' : '+'}${two(Math.abs(east) / 60)}:${two(Math.abs(east) % 60)}`
  return `${local.slice(0, 10)} ${local.slice(11, 19)} ${offset}`
}
