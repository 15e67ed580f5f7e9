import type { StepName } from '../generated/prisma/enums.ts'
import { ACTIVE, isTerminal, type RunStatus } from '../lib/run-status.ts'
import type { RunEvent, RunState, StepEnd, Transition } from './run-event.ts'

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

/** The states that an event requires. Other events can happen in any state that is not terminal. */
const REQUIRED_STATUS: Partial<Record<RunEvent['type'], readonly RunStatus[]>> = {
  started: ['PENDING'],
  downloaded: ['DOWNLOADING'],
  submitting: ['DOWNLOADED'],
  submitted: ['TESTING'],
  tested: ['MONITORING'],
  uploaded: ['PENDING'],
  deployed: ['MONITORING'],
  requeued: ACTIVE,
}

const DECISIONS: Decisions = {
  started: ({ worker, environments: [first] }, _run, startedAt) => ({
    run: {
      ...{ status: 'DOWNLOADING', startedAt, worker },
      ...(first && { environmentId: first.id, environmentName: first.name, testServerUrl: first.url }),
    },
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
  tested: ({ outcome, reportUrl, summary, scriptsSha256, load, answer, details }, _run, finishedAt) => ({
    run: {
      ...{ status: 'COMPLETED', outcome, finishedAt, reportUrl, summary, responseRawData: answer },
      ...(scriptsSha256 !== undefined && { scriptsSha256 }),
      ...(load && { load }),
    },
    closes: { name: 'monitor', status: 'COMPLETED', details },
    opens: null,
  }),
  uploaded: ({ outcome, summary, details }, _run, finishedAt) => ({
    run: { status: 'COMPLETED', outcome, finishedAt, summary },
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
  requeued: ({ error, details }, run, requeuedAt) => ({
    run: {
      ...{ status: 'PENDING', attempt: run.attempt + 1, claim: run.claim + 1, worker: null },
      ...{ environmentId: null, environmentName: null, requeuedAt, startedAt: null },
      ...{ submitStartedAt: null, submittedAt: null, taskId: null, responseRawData: null },
    },
    closes: closeCurrentStep(run, { status: 'FAILED', details, error }),
    opens: null,
  }),
  cancelled: ({ by }, run, finishedAt) => ({
    run: { status: 'CANCELLED', outcome: 'unknown', finishedAt, cancelledBy: by },
    closes: closeCurrentStep(run, { status: 'CANCELLED' }),
    opens: null,
  }),
}

export function transition(run: RunState, event: RunEvent, now: Date): Transition {
  const required = REQUIRED_STATUS[event.type]
  if (required ? !required.includes(run.status) : isTerminal(run.status))
    throw new ImpossibleEvent(run, event)
  const decide = DECISIONS[event.type] as (event: RunEvent, run: RunState, now: Date) => Transition
  return decide(event, run, now)
}

function closeCurrentStep(run: RunState, end: Omit<StepEnd, 'name'>): StepEnd | null {
  const name = STEP_OF[run.status]
  return name ? { name, ...end } : null
}

export class ImpossibleEvent extends Error {
  constructor(run: RunState, event: RunEvent) {
    super(`a run that is ${run.status} cannot be ${event.type}`)
  }
}
