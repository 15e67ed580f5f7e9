import type { Locale } from '../lib/i18n.ts'
import { linkable } from '../lib/links.ts'
import { TONES, type Tone } from './mail/colours.ts'
import { renderNotice } from './mail/notices.ts'
import { translator } from './mail/render.ts'
import type { Message } from './message.ts'

export interface NoticeWords {
  subject: string
  headline: string
  text: string
  /** Of the link. */
  action: string
}

export interface Notice {
  event: string
  runId?: number | null
  project: string
  url: string
  tone: Tone
  /** What a webhook says beside the event. */
  body: Record<string, unknown>
  wordsIn(locale: Locale): NoticeWords
}

/** A short message that is about no finished run. */
export function noticeMessage(notice: Notice): Message {
  const { event, runId = null, project, url, tone, body, wordsIn } = notice
  return {
    ...{ event, runId },
    async mailIn(locale, { key, params }) {
      const why = translator(locale)(key, { project, ...params })
      return { ...renderNotice(locale, { project, url }, { ...wordsIn(locale), why }), chart: null }
    },
    chatIn(locale) {
      const { subject, text, action } = wordsIn(locale)
      const href = linkable(url)
      const links = href ? [{ label: action, url: href }] : []
      return { title: `${TONES[tone].sign} ${subject}`, summary: text.split('\n'), details: [], links }
    },
    webhookBody: async () => body,
  }
}
