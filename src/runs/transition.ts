import type { StepName, StepStatus } from '../generated/prisma/enums.ts'
import type { Params } from '../lib/i18n.ts'
import type { Outcome, ReportSummary } from '../lib/report-summary.ts'
import { isTerminal, type RunStatus } from '../lib/run-status.ts'
import type { TestResult } from '../lib/test-result.ts'

/** A failure as it is stored: its English sentence, and what tells it in any language. */
export interface Failure {
  key: string
  params: Params
  message: string
}

/** JSON for people who look into a step. */
export type Details = Record<string, unknown>

/** Everything that can happen to a run. */
export type RunEvent =
  /** `worker`: the lifeline of the process that drives it. */
  | { type: 'started'; worker: number }
  | { type: 'downloaded'; url: string; path: string; sha256: string; size: number; details: Details }
  | { type: 'submitting'; protocol: number; features: string[]; details: Details }
  | { type: 'submitted'; taskId: string; answer: unknown; details: Details }
  | {
      type: 'tested'
      reportUrl: string | null
      summary: ReportSummary | null
      outcome: Outcome
      /** null: not known one by one. */
      tests?: TestResult[] | null
      answer: unknown
      details: Details
    }
  | { type: 'deployed'; answer: unknown; details: Details }
  | { type: 'failed'; error: Failure; answer?: unknown; details?: Details }
  | { type: 'cancelled'; by: string }

/** What of a run decides about its next state. */
export interface RunState {
  status: RunStatus
}

/** The run's columns that a change writes. */
export interface RunPatch {
  status: RunStatus
  outcome?: Outcome
  startedAt?: Date
  worker?: number
  finishedAt?: Date
  downloadUrl?: string
  downloadPath?: string
  packageSha256?: string
  packageSize?: bigint
  testServerProtocol?: number
  testServerFeatures?: string[]
  submitStartedAt?: Date
  submittedAt?: Date
  taskId?: string
  reportUrl?: string | null
  summary?: ReportSummary | null
  responseRawData?: unknown
  error?: Failure
  cancelledBy?: string
}

interface StepEnd {
  name: StepName
  status: StepStatus
  details?: Details
  error?: Failure
}

export interface Transition {
  run: RunPatch
  /** The step that ends with this change. */
  closes: StepEnd | null
  /** The step that begins with it. */
  opens: { name: StepName; details?: Details } | null
}

/** The step that a run in this state is in. */
const STEP_OF: Partial<Record<RunStatus, StepName>> = {
  DOWNLOADING: 'download',
  DOWNLOADED: 'test',
  TESTING: 'test',
  MONITORING: 'monitor',
}

type Decisions = {
  [Type in RunEvent['type']]: (
    event: Extract<RunEvent, { type: Type }>,
    run: RunState,
    now: Date,
  ) => Transition
}

/** The state in which an event can happen; the others can in every state but the last ones. */
const HAPPENS_IN: Partial<Record<RunEvent['type'], RunStatus>> = {
  started: 'PENDING',
  downloaded: 'DOWNLOADING',
  submitting: 'DOWNLOADED',
  submitted: 'TESTING',
  tested: 'MONITORING',
  deployed: 'MONITORING',
}

const DECISIONS: Decisions = {
  started: ({ worker }, _run, startedAt) => ({
    run: { status: 'DOWNLOADING', startedAt, worker },
    closes: null,
    opens: { name: 'download' },
  }),
  downloaded: ({ url, path, sha256, size, details }) => ({
    run: {
      ...{ status: 'DOWNLOADED', downloadUrl: url, downloadPath: path },
      ...{ packageSha256: sha256, packageSize: BigInt(size) },
    },
    closes: { name: 'download', status: 'COMPLETED', details },
    opens: null,
  }),
  submitting: ({ protocol, features, details }, _run, submitStartedAt) => ({
    run: { status: 'TESTING', submitStartedAt, testServerProtocol: protocol, testServerFeatures: features },
    closes: null,
    opens: { name: 'test', details },
  }),
  submitted: ({ taskId, answer, details }, _run, submittedAt) => ({
    run: { status: 'MONITORING', submittedAt, taskId, responseRawData: answer },
    closes: { name: 'test', status: 'COMPLETED', details },
    opens: { name: 'monitor' },
  }),
  tested: ({ outcome, reportUrl, summary, answer, details }, _run, finishedAt) => ({
    run: { status: 'COMPLETED', outcome, finishedAt, reportUrl, summary, responseRawData: answer },
    closes: { name: 'monitor', status: 'COMPLETED', details },
    opens: null,
  }),
  deployed: ({ answer, details }, _run, finishedAt) => ({
    run: { status: 'DEPLOY_COMPLETE', outcome: 'unknown', finishedAt, responseRawData: answer },
    closes: { name: 'monitor', status: 'COMPLETED', details },
    opens: null,
  }),
  failed: ({ error, answer, details }, run, finishedAt) => ({
    run: { status: 'FAILED', outcome: 'unknown', finishedAt, error, responseRawData: answer },
    closes: closeCurrentStep(run, { status: 'FAILED', details, error }),
    opens: null,
  }),
  cancelled: ({ by }, run, finishedAt) => ({
    run: { status: 'CANCELLED', outcome: 'unknown', finishedAt, cancelledBy: by },
    closes: closeCurrentStep(run, { status: 'CANCELLED' }),
    opens: null,
  }),
}

/** Decides what an event makes of a run. Pure; throws where the event cannot happen in that state. */
export function transition(run: RunState, event: RunEvent, now: Date): Transition {
  const wanted = HAPPENS_IN[event.type]
  if (wanted ? run.status !== wanted : isTerminal(run.status)) throw new ImpossibleEvent(run, event)
  const decide = DECISIONS[event.type] as (event: RunEvent, run: RunState, now: Date) => Transition
  return decide(event, run, now)
}

function closeCurrentStep(run: RunState, end: Omit<StepEnd, 'name'>): StepEnd | null {
  const name = STEP_OF[run.status]
  return name ? { name, ...end } : null
}

/** A defect of the program: the caller did not check the run's state. */
export class ImpossibleEvent extends Error {
  constructor(run: RunState, event: RunEvent) {
    super(`a run that is ${run.status} cannot be ${event.type}`)
  }
}
