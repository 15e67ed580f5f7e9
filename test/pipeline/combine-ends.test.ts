import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ReportSummary } from '../../src/lib/report-summary.ts'
import type { TestResult } from '../../src/lib/test-result.ts'
import type { Member } from '../../src/pipeline/step.ts'
import { combineEnds } from '../../src/pipeline/steps/combine-ends.ts'
import type { RunEvent } from '../../src/runs/run-event.ts'

const MEMBERS = ['beijing', 'shanghai'].map((name, position) => ({ name, position }) as Member)
const SEEK = { id: 'seek', name: 'seek', suite: 'live', status: 'passed' } as TestResult
const summaryOf = (total: number) => ({ total, passed: total }) as ReportSummary

type Tested = Extract<RunEvent, { type: 'tested' }>

function tested(more: Partial<Tested>): Tested {
  const reportUrl = 'http://report.example/1/'
  return { type: 'tested', reportUrl, summary: null, outcome: 'unknown', answer: null, details: {}, ...more }
}

const READ = tested({ summary: summaryOf(1), tests: [SEEK], outcome: 'passed' })

function testsOf(other: RunEvent) {
  const combined = combineEnds(MEMBERS, [READ, other])
  assert.equal(combined.type, 'tested')
  return (combined as Tested).tests?.map(({ id }) => id) ?? null
}

test('the same test in two environments is two tests', () => {
  assert.deepEqual(testsOf(READ), ['0/seek', '1/seek'])
})

test('the tests of a run are not known where one of its reports could not be read', () => {
  assert.equal(testsOf(tested({ summary: null, tests: null })), null)
  assert.equal(testsOf(tested({ summary: summaryOf(9), tests: null })), null)
  assert.equal(testsOf(tested({ reportUrl: null })), null)
})

test('an environment without tests leaves those of the others', () => {
  assert.deepEqual(testsOf(tested({ summary: summaryOf(0), tests: null })), ['0/seek'])
  assert.deepEqual(testsOf({ type: 'deployed', answer: null, details: {} }), ['0/seek'])
  const load = { breaches: [] } as unknown as Tested['load']
  assert.deepEqual(testsOf(tested({ reportUrl: null, load })), ['0/seek'])
})
