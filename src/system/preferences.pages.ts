import { fieldsOf, page } from '../http/page.ts'
import { PREFERENCE_COOKIE } from '../http/preferences.ts'
import { isLocale } from '../lib/i18n.ts'
import { localUrl } from '../lib/local-url.ts'

export const changePreferences = page(async (_ctx, { req, res }) => {
  const { lang, theme, keys, notify, back } = fieldsOf(req.body)
  if (isLocale(lang)) res.cookie('lang', lang, PREFERENCE_COOKIE)
  if (theme === 'light' || theme === 'dark') res.cookie('theme', theme, PREFERENCE_COOKIE)
  if (theme === 'system') res.clearCookie('theme', { path: '/' })
  if (keys === 'on' || keys === 'off') res.cookie('keys', keys, PREFERENCE_COOKIE)
  if (notify === 'on' || notify === 'off') res.cookie('notify', notify, PREFERENCE_COOKIE)
  res.redirect(303, localUrl(back))
})
