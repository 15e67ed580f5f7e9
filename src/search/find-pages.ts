import { LOCALES, type Locale, translate } from '../lib/i18n.ts'
import type { Result } from './result.ts'

export interface Reader {
  isAdmin: boolean
  locale: Locale
}

export interface KnownPage {
  path: string
  /** From the general to the particular. */
  keys: readonly string[]
  forAdmins?: true
}

export const KNOWN_PAGES: readonly KnownPage[] = [
  { path: '/tests', keys: ['nav.tests'] },
  { path: '/runs', keys: ['nav.runs'] },
  { path: '/trends', keys: ['trends:title'] },
  { path: '/builds', keys: ['nav.builds'] },
  { path: '/parameter-sets', keys: ['nav.parameter_sets'] },
  { path: '/setup', keys: ['setup:title'] },
  { path: '/settings', keys: ['nav.settings', 'settings.tab.system'] },
  { path: '/environments', keys: ['nav.settings', 'settings.tab.environments'] },
  { path: '/script-bundles', keys: ['nav.settings', 'settings.tab.scripts'] },
  { path: '/settings/channels', keys: ['nav.settings', 'settings.tab.channels'], forAdmins: true },
  { path: '/settings/mail', keys: ['nav.settings', 'settings.tab.mail'], forAdmins: true },
  { path: '/settings/sessions', keys: ['nav.settings', 'settings.tab.sessions'], forAdmins: true },
  { path: '/settings/tokens', keys: ['nav.settings', 'settings.tab.tokens'], forAdmins: true },
  { path: '/settings/audit', keys: ['nav.settings', 'settings.tab.audit'], forAdmins: true },
  { path: '/settings/storage', keys: ['nav.settings', 'settings.tab.storage'], forAdmins: true },
  { path: '/settings/doctor', keys: ['nav.settings', 'settings.tab.doctor'], forAdmins: true },
]

/** By their names, in whichever language. */
export function findPages(query: string, { isAdmin, locale }: Reader): Result[] {
  return KNOWN_PAGES.filter(({ forAdmins }) => isAdmin || !forAdmins)
    .filter(page => LOCALES.some(each => titleOf(page, each).toLowerCase().includes(query)))
    .map(page => ({
      ...{ kind: 'page', id: page.path, url: page.path },
      ...{ title: titleOf(page, locale), detail: null },
    }))
}

function titleOf({ keys }: KnownPage, locale: Locale): string {
  return keys.map(key => translate(locale, key.includes(':') ? key : `pages:${key}`)).join(' · ')
}
