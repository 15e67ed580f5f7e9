import type { StepName, StepStatus } from '../generated/prisma/enums.ts'
import type { Params } from '../lib/i18n.ts'
import type { LoadResult } from '../lib/load.ts'
import type { Outcome, ReportSummary } from '../lib/report-summary.ts'
import type { RunStatus } from '../lib/run-status.ts'
import type { TestResult } from '../lib/test-result.ts'

export interface Failure {
  key: string
  params: Params
  message: string
}

export type Details = Record<string, unknown>

export type RunEvent = Happening & { members?: MemberChange[] }

type Happening =
  | { type: 'started'; worker: number; environments: StartedIn[] }
  | { type: 'downloaded'; url: string; path: string; sha256: string; size: number; details: Details }
  | { type: 'submitting'; protocol: number; features: string[]; details: Details }
  | { type: 'submitted'; taskId: string; answer: unknown; details: Details }
  | {
      type: 'tested'
      reportUrl: string | null
      summary: ReportSummary | null
      outcome: Outcome
      tests?: TestResult[] | null
      /** The hash of the test scripts that were used; undefined: those it was triggered with. */
      scriptsSha256?: string | null
      load?: LoadResult | null
      answer: unknown
      details: Details
    }
  | {
      type: 'uploaded'
      summary: ReportSummary
      outcome: Outcome
      tests: TestResult[]
      mail: boolean
      details: Details
    }
  | { type: 'deployed'; answer: unknown; details: Details }
  | { type: 'failed'; error: Failure; answer?: unknown; details?: Details; setupFailed?: boolean }
  | { type: 'requeued'; error: Failure; answer?: unknown; details?: Details; setupFailed?: boolean }
  | { type: 'cancelled'; by: string }

export interface StartedIn {
  id: number
  name: string
  url: string
}

export interface MemberChange {
  position: number
  status?: RunStatus
  outcome?: Outcome
  protocol?: number
  features?: string[]
  taskId?: string
  reportUrl?: string | null
  summary?: ReportSummary | null
  error?: Failure
}

export interface RunState {
  status: RunStatus
  attempt: number
  claim: number
}

export interface RunPatch {
  status: RunStatus
  outcome?: Outcome
  requeuedAt?: Date
  startedAt?: Date | null
  worker?: number | null
  attempt?: number
  claim?: number
  environmentId?: number | null
  environmentName?: string | null
  testServerUrl?: string
  finishedAt?: Date
  downloadUrl?: string
  downloadPath?: string
  packageSha256?: string
  packageSize?: bigint
  testServerProtocol?: number
  testServerFeatures?: string[]
  submitStartedAt?: Date | null
  submittedAt?: Date | null
  taskId?: string | null
  reportUrl?: string | null
  summary?: ReportSummary | null
  responseRawData?: unknown
  error?: Failure
  cancelledBy?: string
  scriptsSha256?: string | null
  load?: LoadResult | null
}

export interface StepEnd {
  name: StepName
  status: StepStatus
  details?: Details
  error?: Failure
}

export interface Transition {
  run: RunPatch
  closes: StepEnd | null
  opens: { name: StepName; details?: Details } | null
}
