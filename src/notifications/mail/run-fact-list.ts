import { formatDuration, formatNumber } from '../../lib/format.ts'
import type { Locale } from '../../lib/i18n.ts'
import { linkable } from '../../lib/links.ts'
import type { ReportSummary } from '../../lib/report-summary.ts'
import type { RunFacts } from '../run-facts.ts'
import { formatInstant, sentence, type Translate } from './render.ts'

export interface Fact {
  label: string
  value: string
  url: string | null
  note: string | null
}

export function factsOf(run: RunFacts, locale: Locale, t: Translate): Fact[] {
  const { build, startedAt, finishedAt } = run
  const duration = (ms: number) => formatDuration(locale, ms)
  // It goes on working where the test server is gone.
  const report = run.report.url && `${run.runUrl}/report`
  const took = startedAt && finishedAt ? duration(finishedAt.getTime() - startedAt.getTime()) : null
  const fact = (
    label: string,
    value: string | null,
    url: string | null = null,
    note: string | null = null,
  ) => (value ? [{ label: t(`fact.${label}`), value, url: linkable(url), note }] : [])
  return [
    ...fact('item', run.item.name, null, run.item.description),
    ...fact('build', `${build.job} #${build.number}`, build.url),
    ...fact('build_user', build.user === 'None' ? null : build.user),
    ...fact('package', run.package.path, run.package.url),
    ...fact('started', startedAt && formatInstant(startedAt)),
    ...fact('finished', finishedAt && formatInstant(finishedAt)),
    ...fact('duration', took),
    ...fact('tests_took', testsTook(run.report.summary, duration, t)),
    ...run.attempts.map(attempt => attemptFact(attempt, t)),
    ...fact('triggered_by', run.triggeredBy),
    ...fact('report', report, report, run.report.url),
    ...run.members.map(member => memberFact(member, locale, t)),
    ...fact('run', run.runUrl, run.runUrl),
  ]
}

function attemptFact({ number, environments, error }: RunFacts['attempts'][number], t: Translate): Fact {
  return { label: t('fact.attempt', { number }), value: environments, url: null, note: sentence(error, t) }
}

function memberFact(
  { name, summary, reportUrl, error }: RunFacts['members'][number],
  locale: Locale,
  t: Translate,
): Fact {
  const number = (value: number) => formatNumber(locale, value)
  const value = summary
    ? t('pages:item.passed_of', { passed: number(summary.passed), total: number(summary.total) })
    : error
      ? sentence(error, t)
      : '–'
  return { label: name, value, url: linkable(reportUrl), note: null }
}

function testsTook(
  summary: ReportSummary | null,
  duration: (ms: number) => string,
  t: Translate,
): string | null {
  if (!summary) return null
  const { duration_ms, sum_duration_ms, max_duration_ms } = summary
  const parts = [
    duration_ms === null ? null : duration(duration_ms),
    sum_duration_ms === null ? null : t('tests_sum', { duration: duration(sum_duration_ms) }),
    max_duration_ms === null ? null : t('tests_longest', { duration: duration(max_duration_ms) }),
  ]
  return parts.filter(part => part !== null).join('\u00a0· ') || null
}
