import { formatNumber } from '../lib/format.ts'
import type { Locale } from '../lib/i18n.ts'
import { outcomeOf, type ReportSummary } from '../lib/report-summary.ts'
import type { Tone } from './mail/colours.ts'
import type { Translate } from './mail/render.ts'
import type { RunFacts } from './run-facts.ts'

export type Verdict = { tone: Tone; word: string; subject: string; headline: string }

export function verdictOf(
  { status, report, failure, flaky }: RunFacts,
  locale: Locale,
  t: Translate,
): Verdict {
  if (status === 'CANCELLED')
    return {
      tone: 'quiet',
      word: 'CANCELLED',
      subject: t('subject.cancelled'),
      headline: t('headline.cancelled'),
    }
  if (status === 'FAILED') {
    const key = failure?.step ? 'error_in' : 'error'
    const step = failure?.step ? t(`in_step.${failure.step}`) : ''
    return {
      tone: 'warn',
      word: 'FAILED',
      subject: t(`subject.${key}`, { step }),
      headline: t(`headline.${key}`, { step }),
    }
  }
  const { summary } = report
  const outcome = outcomeOf(summary)
  const kind = outcome === 'unknown' ? unknownKind(summary) : outcome
  const bad = (summary?.failed ?? 0) + (summary?.broken ?? 0)
  const number = (value = 0) => formatNumber(locale, value)
  const params = {
    bad: number(bad),
    passed: number(summary?.passed),
    total: number(summary?.total),
    count: kind === 'failed' ? bad : (summary?.total ?? 0),
  }
  // What passed must not look better than it was.
  const flakyPart =
    kind === 'passed' && flaky.count ? [t('subject.flaky', { number: number(flaky.count) })] : []
  const all = kind === 'passed' && summary?.passed === summary?.total ? 'all_passed' : kind
  return {
    tone: outcome,
    word: outcome,
    subject: [t(`subject.${kind}`, params), ...flakyPart].join(t('list_separator')),
    headline: t(`headline.${all}`, params),
  }
}

function unknownKind(summary: ReportSummary | null): string {
  if (!summary) return 'no_figures'
  return summary.total === 0 ? 'no_tests' : 'none_passed'
}
