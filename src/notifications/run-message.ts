import { formatNumber } from '../lib/format.ts'
import type { Locale } from '../lib/i18n.ts'
import { linkable } from '../lib/links.ts'
import { oneLine } from '../lib/text.ts'
import type { Tone } from './mail/colours.ts'
import { sentence, type Translate, translator } from './mail/render.ts'
import type { RunFacts } from './run-facts.ts'
import { verdictOf } from './run-verdict.ts'

export interface TestList {
  title: string
  tests: { name: string; suite: string; message: string | null }[]
  more: string | null
  rest: string | null
}

/** What is said of a finished run, by mail and in chats. */
export interface RunMessage {
  subject: string
  tone: Tone
  state: string
  headline: string
  subline: string
  triggeredBy: string
  trouble: { title: string; lines: string[] } | null
  changes: TestList | null
  flaky: TestList | null
  actions: { label: string; url: string }[]
}

export function runMessage(run: RunFacts, locale: Locale, mostNamed: number): RunMessage {
  const t = translator(locale)
  const { tone, word, subject, headline } = verdictOf(run, locale, t)
  const { job, number } = run.build
  const naming = { t, counted: counter(locale, t), mostNamed }
  return {
    subject: oneLine(`${subject} · ${run.item.name} #${number}`),
    tone,
    state: t(`pages:state.${word}`),
    headline,
    subline: t('subline', { job, number, item: run.item.name }),
    triggeredBy: t('pair', { label: t('fact.triggered_by'), value: run.triggeredBy }),
    trouble: troubleOf(run, t),
    changes: changesOf(run, naming),
    flaky: flakyOf(run, naming),
    actions: actionsOf(run, t),
  }
}

function troubleOf({ status, failure }: RunFacts, t: Translate): RunMessage['trouble'] {
  if (!failure || status === 'COMPLETED') return null
  const title = status === 'FAILED' ? t('what_happened') : t('why_cancelled')
  return { title, lines: sentence(failure.error, t).split(/\r\n|\r|\n/) }
}

interface Naming {
  t: Translate
  counted: (key: string, count: number) => string[]
  mostNamed: number
}

function counter(locale: Locale, t: Translate) {
  return (key: string, count: number) =>
    count > 0 ? [t(`changes.${key}`, { count, number: formatNumber(locale, count) })] : []
}

const MAX_MESSAGE = 200

function shown({ name, suite, message = null }: { name: string; suite: string; message?: string | null }) {
  return {
    name: oneLine(name),
    suite: oneLine(suite),
    message: message && oneLine(message).slice(0, MAX_MESSAGE).toWellFormed(),
  }
}

function changesOf({ changes }: RunFacts, { t, counted, mostNamed }: Naming): TestList | null {
  if (!changes) return null
  const { compared, failures, stillFailing, fixed } = changes
  const rest = [...counted('still_failing', stillFailing), ...counted('fixed', fixed)]
  const [title] = counted(compared ? 'new_failures' : 'failures', failures.length)
  if (!title && rest.length === 0) return null
  return {
    title: title ?? t('changes.no_new_failures'),
    tests: failures.slice(0, mostNamed).map(shown),
    more: counted('more', failures.length - mostNamed)[0] ?? null,
    rest: rest.join(' · ') || null,
  }
}

function flakyOf({ flaky: { count, tests } }: RunFacts, { counted, mostNamed }: Naming): TestList | null {
  const [title] = counted('flaky', count)
  if (!title) return null
  return {
    title,
    tests: tests.slice(0, mostNamed).map(shown),
    more: counted('more', tests.length - mostNamed)[0] ?? null,
    rest: null,
  }
}

function actionsOf(run: RunFacts, t: Translate): RunMessage['actions'] {
  const wanted: [string, string | null][] = [
    [t('open_report'), run.report.url && `${run.runUrl}/report`],
    [t('open_run'), run.runUrl],
  ]
  return wanted.flatMap(([label, url]) => {
    const href = linkable(url)
    return href ? [{ label, url: href }] : []
  })
}
