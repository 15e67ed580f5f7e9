import type { Params } from '../../lib/i18n.ts'
import type { ReportSummary } from '../../lib/report-summary.ts'
import type { TestResult } from '../../lib/test-result.ts'

export type StepName = 'download' | 'test' | 'monitor' | 'notify'

/** A sentence by its key, or where there is none, as plain text. */
export type Sentence = { key: string; params: Params } | string

/** A finished run, as its mail tells it. All text is as it came: it is escaped here. */
export interface RunMail {
  projectName: string
  runId: number
  runUrl: string
  status: 'COMPLETED' | 'FAILED' | 'CANCELLED'
  triggeredBy: string
  item: { name: string; description: string | null }
  /** `url`: the build in Jenkins. */
  build: { job: string; number: number; user: string | null; url: string | null }
  package: { path: string; url: string | null }
  startedAt: Date | null
  finishedAt: Date | null
  steps: { name: StepName; durationMs: number }[]
  /** `url` null: the test server named no report. `tried`: what ReadReport says, shown without figures. */
  report: {
    url: string | null
    summary: ReportSummary | null
    tried: { url: string; result: { key: string; params: Params } }[]
  }
  /** The tests beside those of the run before; null where they are not known one by one. */
  changes: {
    /** Without a run to compare with, `failures` are all that fail, else the new ones. */
    compared: boolean
    failures: Pick<TestResult, 'name' | 'suite' | 'message'>[]
    stillFailing: number
    fixed: number
  } | null
  /** Why and where it FAILED, or why it was CANCELLED. */
  failure: { step: StepName | null; error: Sentence } | null
}
