import type { RunModel as Run } from '../generated/prisma/models.ts'
import type { RunEvent } from '../runs/run-event.ts'
import { serverHas } from './features.ts'

/** Failures of the machine or the network, by the key of their message. What the product causes is not among them. */
const UNREACHABLE = ['http:refused', 'http:unknown_host', 'http:no_connection', 'http:tls']
const OTHER_NETWORK = ['http:timeout', 'http:cut', 'http:failed']
const NO_TEST_SERVER = ['test-server:redirected', 'test-server:not_json']
const NOT_DEPLOYED = ['test-server:deploy_failed', 'test-server:deploy_failed_silently']
const UNANSWERED = ['test-server:submit_unanswered', 'test-server:submit_unanswered_again']
const LOST = ['test-server:task_lost']

/** The server refused the parameters, which it would do anywhere. */
const OF_THE_REQUEST = [400, 409, 413, 415, 422]

type Failed = Extract<RunEvent, { type: 'failed' }>

/** Turns a failure for reasons of the machine or the network into another attempt, while the run has one left. */
export function attemptedAgain(run: Run, event: RunEvent): RunEvent {
  if (event.type !== 'failed') return event
  const setupFailed = isOfEnvironment(run, event)
  const again = run.attempt <= run.infrastructureRetries && isRepeatable(run, event)
  return { ...event, setupFailed, type: again ? 'requeued' : 'failed' }
}

function isOfEnvironment(run: Run, { error }: Failed): boolean {
  const key = causeOf(error)
  if (run.status === 'MONITORING') return NOT_DEPLOYED.includes(key)
  if (run.status !== 'TESTING') return false
  return isMachine(error) || UNANSWERED.includes(key)
}

function isRepeatable(run: Run, { error }: Failed): boolean {
  const key = causeOf(error)
  if (run.status === 'DOWNLOADING') return UNREACHABLE.includes(key) || OTHER_NETWORK.includes(key)
  // Without a key it is not known whether a task runs: a person decides.
  if (UNANSWERED.includes(key)) return serverHas('idempotency', run)
  return isMachine(error) || NOT_DEPLOYED.includes(key) || LOST.includes(key)
}

function isMachine(error: Failed['error']): boolean {
  const key = causeOf(error)
  if (key === 'test-server:refused') return !OF_THE_REQUEST.includes(Number(error.params.status))
  return [...UNREACHABLE, ...NO_TEST_SERVER].includes(key)
}

function causeOf({ key, params }: Failed['error']): string {
  return key === 'test-server:member_failed' ? String(params.code) : key
}
