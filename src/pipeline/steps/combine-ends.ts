import type { ReportSummary } from '../../lib/report-summary.ts'
import { passRate } from '../../lib/report-summary.ts'
import type { TestResult } from '../../lib/test-result.ts'
import type { RunEvent } from '../../runs/run-event.ts'
import type { MonitorDetails } from '../../runs/step-details.ts'
import type { Member } from '../step.ts'

type Tested = Extract<RunEvent, { type: 'tested' }>

export function combineEnds(members: Member[], ends: RunEvent[]): RunEvent {
  const tested = ends.filter(end => end.type === 'tested')
  const answer = ends.map(end => ('answer' in end ? end.answer : null))
  if (!tested.length) return { type: 'deployed', answer, details: {} }
  const summaries = tested.flatMap(({ summary }) => summary ?? [])
  return {
    ...{ type: 'tested', answer, outcome: worstOf(tested) },
    reportUrl: tested.find(({ reportUrl }) => reportUrl)?.reportUrl ?? null,
    summary: summaries.length ? addSummaries(summaries) : null,
    tests: tested.some(isUnread) ? null : allTests(members, ends),
    load: tested.find(({ load }) => load)?.load,
    scriptsSha256: tested.map(({ scriptsSha256 }) => scriptsSha256).find(hash => hash !== undefined),
    details: {
      ...retriedIn(members, ends),
      report: reportIn(tested),
      environments: ends.map((end, index) => ({
        name: members[index]?.name,
        ...('details' in end ? end.details : {}),
      })),
    },
  }
}

function worstOf(tested: Tested[]): Tested['outcome'] {
  const outcomes = tested.map(({ outcome }) => outcome)
  return (
    outcomes.find(outcome => outcome === 'failed') ??
    outcomes.find(outcome => outcome === 'unknown') ??
    'passed'
  )
}

/** The tests of a report that could not be read would look new, or gone, in the next comparison. */
function isUnread({ tests, summary, load, reportUrl }: Tested): boolean {
  const isWithoutTests = summary?.total === 0 || (load && !reportUrl)
  return !tests && !isWithoutTests
}

function allTests(members: Member[], ends: RunEvent[]): TestResult[] | null {
  const lists = ends.map((end, index) => (end.type === 'tested' ? testsIn(members[index], end) : null))
  return lists.some(Boolean) ? lists.flatMap(list => list ?? []) : null
}

/** The same test in two environments is two tests. */
function testsIn(member: Member | undefined, { tests }: Tested): TestResult[] | null {
  if (!tests) return null
  return tests.map(test => ({
    ...test,
    id: `${member?.position}/${test.id}`.slice(0, 100),
    suite: [member?.name, test.suite].filter(Boolean).join(' › '),
  }))
}

function reportIn(tested: Tested[]): MonitorDetails['report'] {
  const reports = tested.flatMap(({ details }) => (details as MonitorDetails).report ?? [])
  return { format: reports[0]?.format ?? null, tried: reports.flatMap(({ tried }) => tried) }
}

function retriedIn(members: Member[], ends: RunEvent[]): Pick<MonitorDetails, 'retried'> {
  const retried = ends.flatMap((end, index) => {
    const { retried = [] } = end.type === 'tested' ? (end.details as MonitorDetails) : {}
    return retried.map(each => ({ ...each, test: `${members[index]?.name} › ${each.test}` }))
  })
  return retried.length ? { retried } : {}
}

const COUNTS = ['passed', 'failed', 'broken', 'skipped', 'unknown', 'total'] as const

function addSummaries(summaries: ReportSummary[]): ReportSummary {
  const sum = (name: (typeof COUNTS)[number]) =>
    summaries.reduce((total, summary) => total + summary[name], 0)
  const counts = Object.fromEntries(COUNTS.map(name => [name, sum(name)])) as Pick<
    ReportSummary,
    (typeof COUNTS)[number]
  >
  const known = (name: 'duration_ms' | 'min_duration_ms' | 'max_duration_ms' | 'sum_duration_ms') =>
    summaries.flatMap(summary => summary[name] ?? [])
  const ofKnown = (values: number[], fold: (values: number[]) => number) =>
    values.length ? fold(values) : null
  const times = (name: 'start' | 'stop') => summaries.flatMap(summary => summary[name] ?? []).sort()
  return {
    ...counts,
    pass_rate: passRate(counts.passed, counts.total),
    ...{ start: times('start')[0] ?? null, stop: times('stop').at(-1) ?? null },
    duration_ms: ofKnown(known('duration_ms'), values => Math.max(...values)),
    min_duration_ms: ofKnown(known('min_duration_ms'), values => Math.min(...values)),
    max_duration_ms: ofKnown(known('max_duration_ms'), values => Math.max(...values)),
    sum_duration_ms: ofKnown(known('sum_duration_ms'), values =>
      values.reduce((total, value) => total + value, 0),
    ),
  }
}
