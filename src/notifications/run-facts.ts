import type { Params } from '../lib/i18n.ts'
import type { ReportSummary } from '../lib/report-summary.ts'
import type { TestResult } from '../lib/test-result.ts'
import type { Sentence } from './mail/render.ts'

export type StepName = 'download' | 'test' | 'monitor' | 'notify'

export interface RunFacts {
  projectName: string
  runId: number
  runUrl: string
  status: 'COMPLETED' | 'FAILED' | 'CANCELLED'
  triggeredBy: string
  item: { name: string; description: string | null }
  build: { job: string; number: number; user: string | null; url: string | null }
  package: { path: string; url: string | null }
  startedAt: Date | null
  finishedAt: Date | null
  /** Those that failed for reasons of the machine or the network, before the one that counts. */
  attempts: { number: number; environments: string; error: Sentence }[]
  /** Its environments, where it has several. */
  members: {
    name: string
    summary: ReportSummary | null
    reportUrl: string | null
    error: Sentence | null
  }[]
  steps: { name: StepName; durationMs: number }[]
  report: {
    url: string | null
    summary: ReportSummary | null
    tried: { url: string; result: { key: string; params: Params } }[]
  }
  changes: {
    /** Without a previous run, `failures` are all failing tests instead of the new ones. */
    compared: boolean
    failures: Pick<TestResult, 'name' | 'suite' | 'message'>[]
    stillFailing: number
    fixed: number
  } | null
  /** Tests that passed and failed on the same build: how many, and which of them no other list names. */
  flaky: { count: number; tests: Pick<TestResult, 'name' | 'suite'>[] }
  failure: { step: StepName | null; error: Sentence } | null
}
