import type { Locale } from './i18n.ts'

/** Who makes a change, as the audit records it. `email` of a token is `token:<name>`. */
export interface Actor {
  email: string
  ip: string | null
}

/** The user of a request, or a program by its token. Anonymous: `email` is empty. */
export interface Person extends Actor {
  isAdmin: boolean
  groups: readonly string[]
  locale: Locale
}
