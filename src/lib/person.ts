import type { Locale } from './i18n.ts'

/** The user of a request. Anonymous: `email` is empty. */
export interface Person {
  email: string
  isAdmin: boolean
  locale: Locale
}
