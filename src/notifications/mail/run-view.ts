import { formatDuration, formatNumber, formatPercent } from '../../lib/format.ts'
import type { Locale } from '../../lib/i18n.ts'
import { type ReportSummary, shownRate, TEST_STATUSES, type TestStatus } from '../../lib/report-summary.ts'
import { oneLine } from '../../lib/text.ts'
import type { Why } from '../message.ts'
import type { RunFacts } from '../run-facts.ts'
import { type RunMessage, runMessage } from '../run-message.ts'
import { TEST_STATUS_COLOURS } from './colours.ts'
import { type Letter, type Translate, translator, unsubscribeOf } from './render.ts'
import { type Fact, factsOf } from './run-fact-list.ts'

export interface RunView extends RunMessage, Letter {
  runLabel: string
  description: string | null
  passRate: string | null
  figures: { status: TestStatus; label: string; count: string; colour: string }[]
  chartAlt: string
  noFigures: { text: string; tried: { url: string; result: string }[] } | null
  steps: { label: string; duration: string }[]
  facts: Fact[]
}

const MAX_NAMED = 20

const whoTriggered = ({ triggeredBy }: RunFacts): Why => ({ key: 'why', params: { who: triggeredBy } })

export function viewOf(run: RunFacts, locale: Locale, why: Why = whoTriggered(run)): RunView {
  const t = translator(locale)
  const message = runMessage(run, locale, MAX_NAMED)
  const { headline, subline, trouble } = message
  const figures = run.status === 'COMPLETED' ? figuresOf(run.report.summary, locale, t) : []
  const passRate = run.status === 'COMPLETED' && run.report.summary ? shownRate(run.report.summary) : null
  return {
    ...message,
    preheader: oneLine([headline, subline, ...(trouble?.lines ?? [])].join(' · '))
      .slice(0, 200)
      .toWellFormed(),
    projectName: run.projectName,
    runLabel: t('run_label', { id: run.runId }),
    description: run.item.description,
    passRate: passRate === null ? null : formatPercent(locale, passRate),
    figures,
    chartAlt: figures.map(({ label, count }) => `${label} ${count}`).join(', '),
    noFigures: noFiguresOf(run, t),
    steps: run.steps.map(({ name, durationMs }) => ({
      label: t(`step.${name}`),
      duration: formatDuration(locale, durationMs),
    })),
    facts: factsOf(run, locale, t),
    why: t(why.key, { project: run.projectName, ...why.params }),
    unsubscribe: unsubscribeOf(why, t),
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

function noFiguresOf({ status, report }: RunFacts, t: Translate): RunView['noFigures'] {
  if (status !== 'COMPLETED' || report.summary) return null
  return {
    text: t(report.url === null ? 'no_report' : 'report_unreadable'),
    tried: report.tried.map(({ url, result }) => ({ url, result: t(result.key, result.params) })),
  }
}
