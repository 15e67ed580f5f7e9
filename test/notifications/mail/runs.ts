import type { ReportSummary } from '../../../src/lib/report-summary.ts'
import type { RunFacts } from '../../../src/notifications/run-facts.ts'

export function figures(change: Partial<ReportSummary> = {}): ReportSummary {
  return {
    ...{ passed: 52, failed: 0, broken: 0, skipped: 0, unknown: 0, total: 52, pass_rate: 100 },
    ...{ start: '2026-11-20T06:05:22.000Z', stop: '2026-11-20T06:17:22.000Z', duration_ms: 720_000 },
    ...{ min_duration_ms: 12, max_duration_ms: 61_000, sum_duration_ms: 1_310_000 },
    ...change,
  }
}

/** Li Wei's run of cds #101, in which every test passed. */
export function liWeisRun(change: Partial<RunFacts> = {}): RunFacts {
  return {
    projectName: 'CRAT',
    runId: 42,
    runUrl: 'http://crat.example.com/runs/42',
    status: 'COMPLETED',
    triggeredBy: 'li.wei@example.com',
    item: { name: 'cds', description: 'Content delivery server' },
    build: {
      job: 'CDN/Core',
      number: 101,
      user: 'Wang Fang',
      url: 'http://jenkins.example.com/job/CDN/101/',
    },
    package: {
      path: 'release/cds-5.3.9-c54239ed_x86_64-linux-gnu_20240626_release.tgz',
      url: 'http://packages.example.com/release/',
    },
    startedAt: new Date('2026-11-20T06:03:22Z'),
    finishedAt: new Date('2026-11-20T06:18:40Z'),
    attempts: [],
    members: [],
    steps: [
      { name: 'download', durationMs: 12_400 },
      { name: 'monitor', durationMs: 892_000 },
    ],
    report: { url: 'http://reports.example.com/cds_5329/', summary: figures(), tried: [] },
    changes: null,
    flaky: { count: 0, tests: [] },
    failure: null,
    ...change,
  }
}

export const withFigures = (change: Partial<ReportSummary>) =>
  liWeisRun({ report: { ...liWeisRun().report, summary: figures(change) } })

export const failedIn = (failure: RunFacts['failure']) =>
  liWeisRun({ status: 'FAILED', failure, report: { url: null, summary: null, tried: [] } })
