import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { NO_TIMES, summaryFrom } from '../../src/external/report/figures.ts'
import { RUN_STATUSES, type RunStatus, TERMINAL } from '../../src/lib/run-status.ts'
import type { RunEvent } from '../../src/runs/run-event.ts'
import { ImpossibleEvent, transition } from '../../src/runs/transition.ts'

const NOW = new Date('2026-11-20T12:00:00Z')
const error = { key: 'http:refused', params: { host: '10.8.24.59' }, message: '10.8.24.59 refused' }

const EVENTS: { [T in RunEvent['type']]: Extract<RunEvent, { type: T }> } = {
  started: {
    type: 'started',
    worker: 1,
    environments: [{ id: 3, name: 'rack-3', url: 'http://10.8.24.63' }],
  },
  downloaded: {
    ...{ type: 'downloaded', url: 'http://10.8.24.59/cds.tgz', path: '/packages/cds.tgz' },
    ...{ sha256: '00', size: 2009, details: {} },
  },
  submitting: { type: 'submitting', protocol: 2, features: ['log'], details: {} },
  submitted: { type: 'submitted', taskId: 'task-1', answer: { task_id: 'task-1' }, details: {} },
  tested: {
    ...{ type: 'tested', reportUrl: 'http://10.8.24.59/cds/', summary: null, outcome: 'unknown' },
    ...{ answer: { status: 'completed' }, details: {} },
  },
  uploaded: {
    ...{ type: 'uploaded', outcome: 'failed', tests: [], mail: false, details: {} },
    summary: summaryFrom({ passed: 1, failed: 1 }, NO_TIMES),
  },
  deployed: { type: 'deployed', answer: { status: 'completed' }, details: {} },
  failed: { type: 'failed', error },
  requeued: { type: 'requeued', error },
  cancelled: { type: 'cancelled', by: 'li.wei@example.com' },
}

/** From, event, to, the step that ends and how, the step that begins. Everything else is impossible. */
const POSSIBLE: [RunStatus, RunEvent['type'], RunStatus, closes: string | null, opens: string | null][] = [
  ['PENDING', 'started', 'DOWNLOADING', null, 'download'],
  ['DOWNLOADING', 'downloaded', 'DOWNLOADED', 'download COMPLETED', null],
  ['DOWNLOADED', 'submitting', 'TESTING', null, 'test'],
  ['TESTING', 'submitted', 'MONITORING', 'test COMPLETED', 'monitor'],
  ['MONITORING', 'tested', 'COMPLETED', 'monitor COMPLETED', null],
  ['MONITORING', 'deployed', 'DEPLOY_COMPLETE', 'monitor COMPLETED', null],
  ['PENDING', 'uploaded', 'COMPLETED', 'monitor COMPLETED', null],
  ['PENDING', 'failed', 'FAILED', null, null],
  ['DOWNLOADING', 'failed', 'FAILED', 'download FAILED', null],
  ['DOWNLOADED', 'failed', 'FAILED', 'test FAILED', null],
  ['TESTING', 'failed', 'FAILED', 'test FAILED', null],
  ['MONITORING', 'failed', 'FAILED', 'monitor FAILED', null],
  ['DOWNLOADING', 'requeued', 'PENDING', 'download FAILED', null],
  ['DOWNLOADED', 'requeued', 'PENDING', 'test FAILED', null],
  ['TESTING', 'requeued', 'PENDING', 'test FAILED', null],
  ['MONITORING', 'requeued', 'PENDING', 'monitor FAILED', null],
  ['PENDING', 'cancelled', 'CANCELLED', null, null],
  ['DOWNLOADING', 'cancelled', 'CANCELLED', 'download CANCELLED', null],
  ['DOWNLOADED', 'cancelled', 'CANCELLED', 'test CANCELLED', null],
  ['TESTING', 'cancelled', 'CANCELLED', 'test CANCELLED', null],
  ['MONITORING', 'cancelled', 'CANCELLED', 'monitor CANCELLED', null],
]

const runThatIs = (status: RunStatus) => ({ status, attempt: 1, claim: 4 })

describe('what happens to a run', () => {
  for (const [from, type, to, closes, opens] of POSSIBLE) {
    it(`${from}, ${type}: ${to}`, () => {
      const change = transition(runThatIs(from), EVENTS[type], NOW)
      assert.equal(change.run.status, to)
      assert.equal(change.closes && `${change.closes.name} ${change.closes.status}`, closes)
      assert.equal(change.opens?.name ?? null, opens)
    })
  }

  it('cannot happen in any other state', () => {
    const possible = new Set(POSSIBLE.map(([from, type]) => `${from} ${type}`))
    for (const status of RUN_STATUSES) {
      for (const event of Object.values(EVENTS)) {
        if (possible.has(`${status} ${event.type}`)) continue
        assert.throws(
          () => transition(runThatIs(status), event, NOW),
          ImpossibleEvent,
          `${status} ${event.type}`,
        )
      }
    }
  })

  it('is finished, with an outcome, exactly where it ends', () => {
    for (const [from, type, to] of POSSIBLE) {
      const { run } = transition(runThatIs(from), EVENTS[type], NOW)
      const ends = (TERMINAL as readonly string[]).includes(to)
      assert.equal(run.finishedAt, ends ? NOW : undefined, `${from} ${type}`)
      assert.equal(run.outcome !== undefined, ends, `${from} ${type}`)
    }
  })

  it('starts the clock when it leaves the queue, and notes the submit before and after', () => {
    assert.equal(transition(runThatIs('PENDING'), EVENTS.started, NOW).run.startedAt, NOW)
    assert.equal(transition(runThatIs('DOWNLOADED'), EVENTS.submitting, NOW).run.submitStartedAt, NOW)
    assert.equal(transition(runThatIs('TESTING'), EVENTS.submitted, NOW).run.submittedAt, NOW)
  })

  it('tells the same failure of the run and of its step', () => {
    const { run, closes } = transition(runThatIs('TESTING'), EVENTS.failed, NOW)
    assert.deepEqual(run.error, error)
    assert.deepEqual(closes?.error, error)
  })

  it('keeps the answer that is there where a failure brings none', () => {
    assert.equal(transition(runThatIs('MONITORING'), EVENTS.failed, NOW).run.responseRawData, undefined)
  })

  it('tells who cancelled', () => {
    const { run } = transition(runThatIs('PENDING'), EVENTS.cancelled, NOW)
    assert.equal(run.cancelledBy, 'li.wei@example.com')
  })

  it('keeps nothing of an attempt that is repeated, and voids what its worker still writes', () => {
    const { run } = transition(runThatIs('MONITORING'), EVENTS.requeued, NOW)
    assert.equal(run.attempt, 2)
    assert.equal(run.claim, 5)
    assert.equal(run.requeuedAt, NOW)
    for (const column of ['worker', 'environmentId', 'startedAt', 'submitStartedAt', 'taskId'] as const)
      assert.equal(run[column], null, column)
  })
})
