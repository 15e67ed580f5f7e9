import { formatDuration, formatNumber, formatPercent } from '../../lib/format.ts'
import type { Locale } from '../../lib/i18n.ts'
import { linkable } from '../../lib/links.ts'
import { type ReportSummary, TEST_STATUSES, type TestStatus } from '../../lib/report-summary.ts'
import { oneLine } from '../../lib/text.ts'
import { TEST_STATUS_COLOURS, type Tone } from './colours.ts'
import { type Letter, sentence, type Translate, translator } from './render.ts'
import { type Fact, factsOf } from './run-fact-list.ts'
import type { RunMail } from './run-facts.ts'
import { verdictOf } from './run-verdict.ts'

interface TestList {
  title: string
  tests: { name: string; suite: string; message: string | null }[]
  more: string | null
  rest: string | null
}

export interface RunView extends Letter {
  subject: string
  runLabel: string
  tone: Tone
  state: string
  subline: string
  description: string | null
  passRate: string | null
  figures: { status: TestStatus; label: string; count: string; colour: string }[]
  chartAlt: string
  trouble: { title: string; lines: string[] } | null
  changes: TestList | null
  flaky: TestList | null
  noFigures: { text: string; tried: { url: string; result: string }[] } | null
  actions: { label: string; url: string }[]
  steps: { label: string; duration: string }[]
  facts: Fact[]
}

export function viewOf(run: RunMail, locale: Locale): RunView {
  const t = translator(locale)
  const what = `${run.item.name} #${run.build.number}`
  const { tone, word, subject, headline } = verdictOf(run, locale, t)
  const figures = run.status === 'COMPLETED' ? figuresOf(run.report.summary, locale, t) : []
  const passRate = run.status === 'COMPLETED' ? (run.report.summary?.pass_rate ?? null) : null
  const trouble = troubleOf(run, t)
  const subline = t('subline', { job: run.build.job, number: run.build.number, item: run.item.name })
  return {
    subject: oneLine(`${subject} · ${what}`),
    preheader: oneLine([headline, subline, ...(trouble?.lines ?? [])].join(' · ')).slice(0, 200),
    projectName: run.projectName,
    runLabel: t('run_label', { id: run.runId }),
    tone,
    state: t(`pages:state.${word}`),
    headline,
    subline,
    description: run.item.description,
    passRate: passRate === null ? null : formatPercent(locale, passRate),
    figures,
    chartAlt: figures.map(({ label, count }) => `${label} ${count}`).join(', '),
    trouble,
    changes: changesOf(run, locale, t),
    flaky: flakyOf(run, locale, t),
    noFigures: noFiguresOf(run, t),
    actions: actionsOf(run, t),
    steps: run.steps.map(({ name, durationMs }) => ({
      label: t(`step.${name}`),
      duration: formatDuration(locale, durationMs),
    })),
    facts: factsOf(run, locale, t),
    why: t('why', { project: run.projectName, who: run.triggeredBy }),
  }
}

function figuresOf(summary: ReportSummary | null, locale: Locale, t: Translate): RunView['figures'] {
  if (!summary || summary.total === 0) return []
  return TEST_STATUSES.filter(status => status !== 'unknown' || summary.unknown > 0).map(status => ({
    status,
    label: t(`pages:figure.${status}`),
    count: formatNumber(locale, summary[status]),
    colour: TEST_STATUS_COLOURS[status],
  }))
}

function troubleOf({ status, failure }: RunMail, t: Translate): RunView['trouble'] {
  if (!failure || status === 'COMPLETED') return null
  const title = status === 'FAILED' ? t('what_happened') : t('why_cancelled')
  return { title, lines: sentence(failure.error, t).split(/\r\n|\r|\n/) }
}

const MAX_NAMED = 20
const MAX_MESSAGE = 200

function counter(locale: Locale, t: Translate) {
  return (key: string, count: number) =>
    count > 0 ? [t(`changes.${key}`, { count, number: formatNumber(locale, count) })] : []
}

function shown({ name, suite, message = null }: { name: string; suite: string; message?: string | null }) {
  return {
    name: oneLine(name),
    suite: oneLine(suite),
    message: message && oneLine(message).slice(0, MAX_MESSAGE).toWellFormed(),
  }
}

function changesOf({ changes }: RunMail, locale: Locale, t: Translate): RunView['changes'] {
  if (!changes) return null
  const { compared, failures, stillFailing, fixed } = changes
  const counted = counter(locale, t)
  const rest = [...counted('still_failing', stillFailing), ...counted('fixed', fixed)]
  const [title] = counted(compared ? 'new_failures' : 'failures', failures.length)
  if (!title && rest.length === 0) return null
  return {
    title: title ?? t('changes.no_new_failures'),
    tests: failures.slice(0, MAX_NAMED).map(shown),
    more: counted('more', failures.length - MAX_NAMED)[0] ?? null,
    rest: rest.join(' · ') || null,
  }
}

function flakyOf({ flaky: { count, tests } }: RunMail, locale: Locale, t: Translate): RunView['flaky'] {
  const counted = counter(locale, t)
  const [title] = counted('flaky', count)
  if (!title) return null
  return {
    title,
    tests: tests.slice(0, MAX_NAMED).map(shown),
    more: counted('more', tests.length - MAX_NAMED)[0] ?? null,
    rest: null,
  }
}

function noFiguresOf({ status, report }: RunMail, t: Translate): RunView['noFigures'] {
  if (status !== 'COMPLETED' || report.summary) return null
  return {
    text: t(report.url === null ? 'no_report' : 'report_unreadable'),
    tried: report.tried.map(({ url, result }) => ({ url, result: t(result.key, result.params) })),
  }
}

function actionsOf(run: RunMail, t: Translate): RunView['actions'] {
  const wanted: [string, string | null][] = [
    [t('open_report'), run.report.url && `${run.runUrl}/report`],
    [t('open_run'), run.runUrl],
  ]
  return wanted.flatMap(([label, url]) => {
    const href = linkable(url)
    return href ? [{ label, url: href }] : []
  })
}
