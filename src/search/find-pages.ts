import { LOCALES, type Locale, translate } from '../lib/i18n.ts'
import { SETTING_KEYS } from '../settings/definitions.ts'
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
  { path: '/own-mails', keys: ['menu.own_mails'] },
  { path: '/setup', keys: ['setup:title'] },
  { path: '/settings', keys: ['nav.settings', 'settings.tab.system'] },
  { path: '/environments', keys: ['nav.settings', 'settings.tab.environments'] },
  { path: '/script-bundles', keys: ['nav.settings', 'settings.tab.scripts'] },
  { path: '/settings/channels', keys: ['nav.settings', 'settings.tab.channels'], forAdmins: true },
  { path: '/settings/alerts', keys: ['nav.settings', 'settings.tab.alerts'], forAdmins: true },
  { path: '/settings/mail', keys: ['nav.settings', 'settings.tab.mail'], forAdmins: true },
  { path: '/settings/sessions', keys: ['nav.settings', 'settings.tab.sessions'], forAdmins: true },
  { path: '/settings/tokens', keys: ['nav.settings', 'settings.tab.tokens'], forAdmins: true },
  { path: '/settings/audit', keys: ['nav.settings', 'settings.tab.audit'], forAdmins: true },
  { path: '/settings/storage', keys: ['nav.settings', 'settings.tab.storage'], forAdmins: true },
  { path: '/settings/doctor', keys: ['nav.settings', 'settings.tab.doctor'], forAdmins: true },
]

/** Where each of the settings is on its page. */
const SETTINGS = SETTING_KEYS.map(key => ({
  ...{ key, path: `/settings#f-${key}`, keys: ['nav.settings', `settings.key.${key}`] },
}))

/** By their names, in whichever language; single settings by their own or their key. */
export function findPages(query: string, { isAdmin, locale }: Reader): Result[] {
  const calls = (page: KnownPage) => LOCALES.some(each => titleOf(page, each).toLowerCase().includes(query))
  const pages = KNOWN_PAGES.filter(page => (isAdmin || !page.forAdmins) && calls(page))
  const settings = SETTINGS.filter(
    ({ key, path, keys }) => key.startsWith(query) || calls({ path, keys: keys.slice(1) }),
  )
  return [...pages, ...settings].map(page => ({
    ...{ kind: 'page', id: page.path, url: page.path },
    ...{ title: titleOf(page, locale), detail: null },
  }))
}

function titleOf({ keys }: KnownPage, locale: Locale): string {
  return keys.map(key => translate(locale, key.includes(':') ? key : `pages:${key}`)).join(' · ')
}
