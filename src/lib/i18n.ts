import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import i18next from 'i18next'
import { pathInProject } from './root.ts'

export const LOCALES = ['en', 'zh-CN'] as const
export type Locale = (typeof LOCALES)[number]

/** Values for a message's placeholders. `count` selects the plural. */
export type Params = Record<string, string | number | null>

const folder = pathInProject('src/locales')

/** Each `src/locales/<locale>/<namespace>.json` is a namespace; keys are written `namespace:key`. */
function readNamespaces(locale: Locale): Record<string, object> {
  const files = readdirSync(join(folder, locale)).filter(file => file.endsWith('.json'))
  return Object.fromEntries(
    files.map(file => [
      file.slice(0, -'.json'.length),
      JSON.parse(readFileSync(join(folder, locale, file), 'utf8')),
    ]),
  )
}

const catalogue = i18next.createInstance()
catalogue.init({
  resources: Object.fromEntries(LOCALES.map(locale => [locale, readNamespaces(locale)])),
  fallbackLng: 'en',
  initAsync: false,
  // Messages also go into plain text and JSON; templates escape HTML.
  interpolation: { escapeValue: false },
})

export function translate(locale: Locale, key: string, params?: Params): string {
  return params ? catalogue.t(key, { lng: locale, ...params }) : fixedText(locale, key)
}

/** Texts without parameters, which most of a page's are. */
const fixedTexts = new Map<string, string>()

function fixedText(locale: Locale, key: string): string {
  const id = `${locale} ${key}`
  let text = fixedTexts.get(id)
  if (text === undefined) {
    text = catalogue.t(key, { lng: locale })
    fixedTexts.set(id, text)
  }
  return text
}

export function isLocale(value: unknown): value is Locale {
  return LOCALES.includes(value as Locale)
}

export function toParams(value: unknown): Params {
  if (typeof value !== 'object' || value === null) return {}
  const simple = (each: unknown) =>
    typeof each === 'string' || typeof each === 'number' || each === null ? each : JSON.stringify(each)
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, simple(each)]))
}
