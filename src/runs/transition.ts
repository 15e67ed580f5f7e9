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

export interface Transition {
  run: RunPatch
  /** The step that ends with this change. */
  closes: { name: StepName; status: StepStatus; details?: Details; error?: Failure } | null
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

/** Decides what an event makes of a run. Pure; throws where the event cannot happen in that state. */
export function transition(run: RunState, event: RunEvent, now: Date): Transition {
  switch (event.type) {
    case 'started':
      expect(run, event, 'PENDING')
      return {
        run: { status: 'DOWNLOADING', startedAt: now, worker: event.worker },
        closes: null,
        opens: { name: 'download' },
      }
    case 'downloaded':
      expect(run, event, 'DOWNLOADING')
      return {
        run: {
          status: 'DOWNLOADED',
          downloadUrl: event.url,
          downloadPath: event.path,
          packageSha256: event.sha256,
          packageSize: BigInt(event.size),
        },
        closes: { name: 'download', status: 'COMPLETED', details: event.details },
        opens: null,
      }
    case 'submitting':
      expect(run, event, 'DOWNLOADED')
      return {
        run: {
          status: 'TESTING',
          submitStartedAt: now,
          testServerProtocol: event.protocol,
          testServerFeatures: event.features,
        },
        closes: null,
        opens: { name: 'test', details: event.details },
      }
    case 'submitted':
      expect(run, event, 'TESTING')
      return {
        run: { status: 'MONITORING', submittedAt: now, taskId: event.taskId, responseRawData: event.answer },
        closes: { name: 'test', status: 'COMPLETED', details: event.details },
        opens: { name: 'monitor' },
      }
    case 'tested':
      expect(run, event, 'MONITORING')
      return {
        run: {
          status: 'COMPLETED',
          outcome: event.outcome,
          finishedAt: now,
          reportUrl: event.reportUrl,
          summary: event.summary,
          responseRawData: event.answer,
        },
        closes: { name: 'monitor', status: 'COMPLETED', details: event.details },
        opens: null,
      }
    case 'deployed':
      expect(run, event, 'MONITORING')
      return {
        run: {
          status: 'DEPLOY_COMPLETE',
          outcome: 'unknown',
          finishedAt: now,
          responseRawData: event.answer,
        },
        closes: { name: 'monitor', status: 'COMPLETED', details: event.details },
        opens: null,
      }
    case 'failed':
      return ends(run, event, {
        run: {
          status: 'FAILED',
          outcome: 'unknown',
          finishedAt: now,
          error: event.error,
          responseRawData: event.answer,
        },
        step: { status: 'FAILED', details: event.details, error: event.error },
      })
    case 'cancelled':
      return ends(run, event, {
        run: { status: 'CANCELLED', outcome: 'unknown', finishedAt: now, cancelledBy: event.by },
        step: { status: 'CANCELLED' },
      })
  }
}

function ends(
  run: RunState,
  event: RunEvent,
  end: { run: RunPatch; step: { status: StepStatus; details?: Details; error?: Failure } },
): Transition {
  if (isTerminal(run.status)) throw new ImpossibleEvent(run, event)
  const name = STEP_OF[run.status]
  return { run: end.run, closes: name ? { name, ...end.step } : null, opens: null }
}

function expect(run: RunState, event: RunEvent, status: RunStatus): void {
  if (run.status !== status) throw new ImpossibleEvent(run, event)
}

/** A defect of the program: the caller did not look at the run's state. */
export class ImpossibleEvent extends Error {
  constructor(run: RunState, event: RunEvent) {
    super(`a run that is ${run.status} cannot be ${event.type}`)
  }
}
