import type { Locale } from './i18n.ts'

/** Whose request it is. Nobody's has an empty `email`. */
export interface Person {
  email: string
  isAdmin: boolean
  locale: Locale
}
