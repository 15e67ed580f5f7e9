import { LOCALES, type Locale } from '../../lib/i18n.ts'
import { linkable } from '../../lib/links.ts'
import { oneLine } from '../../lib/text.ts'
import { type RenderedMail, renderHtml, type Translate, translator } from './render.ts'

interface NoticeOptions {
  project: string
  url: string
}

export function renderTestMail(locale: Locale, { project, url }: NoticeOptions): RenderedMail {
  return notice([locale], { project, url }, t => ({
    subject: t('test.subject', { project }),
    headline: t('test.headline'),
    text: t('test.text', { project }),
    action: t('test.action', { project }),
    why: t('test.why', { project }),
  }))
}

export function renderLoginLinkMail(
  locale: Locale,
  { project, url, minutes }: NoticeOptions & { minutes: number },
): RenderedMail {
  return notice([locale], { project, url }, t => ({
    subject: t('login.subject', { project }),
    headline: t('login.headline', { project }),
    text: t('login.text', { count: minutes }),
    action: t('login.action'),
    why: t('login.why'),
  }))
}

export function renderFailedLoginsMail({
  project,
  url,
  account,
  ip,
}: NoticeOptions & { account: string; ip: string }): RenderedMail {
  return notice(LOCALES, { project, url }, t => ({
    subject: t('failed_logins.subject', { project }),
    headline: t('failed_logins.headline'),
    text: t('failed_logins.text', { account, ip }),
    action: t('failed_logins.action'),
    why: t('failed_logins.why'),
  }))
}

export function renderQuarantineMail({
  project,
  url,
  name,
  reasonIn,
}: NoticeOptions & { name: string; reasonIn: (locale: Locale) => string }): RenderedMail {
  return notice(LOCALES, { project, url }, (t, locale) => ({
    subject: t('quarantine.subject', { project, name }),
    headline: t('quarantine.headline', { name }),
    text: t('quarantine.text', { name, reason: reasonIn(locale) }),
    action: t('quarantine.action'),
    why: t('quarantine.why', { project }),
  }))
}

/** A notice in one language. */
export function renderNotice(locale: Locale, options: NoticeOptions, words: Words): RenderedMail {
  return notice([locale], options, () => words)
}

interface Words {
  subject: string
  headline: string
  text: string
  action: string
  why: string
}

/** In each of these languages: of admins who did not ask for a mail it is not known which one they read. */
function notice(
  locales: readonly Locale[],
  { project, url }: NoticeOptions,
  wordsIn: (t: Translate, locale: Locale) => Words,
): RenderedMail {
  const parts = locales.map(locale => ({ lang: locale, ...wordsIn(translator(locale), locale) }))
  const together = (name: keyof Words, separator: string) => parts.map(part => part[name]).join(separator)
  const letter = {
    ...{ projectName: project, parts, url: linkable(url), shownUrl: url },
    ...{ headline: together('headline', ' / '), preheader: together('text', ' '), why: together('why', ' ') },
  }
  const texts = parts.map(({ headline, text, action }) => `${headline}\n\n${text}\n\n${action}:\n${url}\n`)
  return {
    subject: oneLine(together('subject', ' / ')),
    html: renderHtml('notice', locales[0] ?? 'en', letter),
    text: `${texts.join('\n\n')}\n-- \n${together('why', '\n')}\n`,
  }
}
