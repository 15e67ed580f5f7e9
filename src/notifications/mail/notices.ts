import type { Locale } from '../../lib/i18n.ts'
import { linkable } from '../../lib/links.ts'
import { oneLine } from '../../lib/text.ts'
import { type Letter, type RenderedMail, renderHtml, translator } from './render.ts'

export function renderTestMail(
  locale: Locale,
  { project, url }: { project: string; url: string },
): RenderedMail {
  const t = translator(locale)
  return notice(locale, {
    projectName: project,
    subject: t('test.subject', { project }),
    headline: t('test.headline'),
    text: t('test.text', { project }),
    action: t('test.action', { project }),
    url,
    why: t('test.why', { project }),
  })
}

export function renderLoginLinkMail(
  locale: Locale,
  { url, minutes, project }: { url: string; minutes: number; project: string },
): RenderedMail {
  const t = translator(locale)
  return notice(locale, {
    projectName: project,
    subject: t('login.subject', { project }),
    headline: t('login.headline', { project }),
    text: t('login.text', { count: minutes }),
    action: t('login.action'),
    url,
    why: t('login.why'),
  })
}

export function renderFailedLoginsMail(
  locale: Locale,
  { project, url, account, ip }: { project: string; url: string; account: string; ip: string },
): RenderedMail {
  const t = translator(locale)
  return notice(locale, {
    projectName: project,
    subject: t('failed_logins.subject', { project }),
    headline: t('failed_logins.headline'),
    text: t('failed_logins.text', { account, ip }),
    action: t('failed_logins.action'),
    url,
    why: t('failed_logins.why'),
  })
}

export function renderQuarantineMail(
  locale: Locale,
  { url, project, ...params }: { url: string; project: string; name: string; reason: string },
): RenderedMail {
  const t = translator(locale)
  return notice(locale, {
    projectName: project,
    subject: t('quarantine.subject', { project, ...params }),
    headline: t('quarantine.headline', params),
    text: t('quarantine.text', params),
    action: t('quarantine.action'),
    url,
    why: t('quarantine.why', { project }),
  })
}

interface Notice extends Omit<Letter, 'preheader'> {
  subject: string
  text: string
  action: string
  url: string
}

function notice(locale: Locale, { subject, url, ...parts }: Notice): RenderedMail {
  const { headline, text, action, why } = parts
  return {
    subject: oneLine(subject),
    html: renderHtml('notice', locale, { ...parts, preheader: text, url: linkable(url), shownUrl: url }),
    text: `${headline}\n\n${text}\n\n${action}:\n${url}\n\n-- \n${why}\n`,
  }
}
