import assert from 'node:assert/strict'
import { test } from 'node:test'
import { courseOf } from '../../src/runs/usual-duration.ts'

const START = new Date('2026-11-22T08:00:00Z')
const after = (minutes: number) => new Date(START.getTime() + minutes * 60_000)
const usual = { ms: 12 * 60_000, steps: {} }
const run = { startedAt: START, finishedAt: null }

test('how far a run is ends at its usual duration: then it is due, then overdue', () => {
  for (const [minutes, state, left] of [
    [0, 'going', 12],
    [9, 'going', 3],
    [12, 'due', 0],
    [24, 'due', 0],
    [25, 'overdue', 0],
  ] as const) {
    const course = courseOf(run, usual, after(minutes))
    assert.deepEqual([course?.state, course?.leftMs], [state, left * 60_000], `${minutes} minutes`)
  }
})

test('a short run is not overdue by seconds', () => {
  const short = { ms: 2000, steps: {} }
  assert.equal(courseOf(run, short, new Date(START.getTime() + 50_000))?.state, 'due')
  assert.equal(courseOf(run, short, after(2))?.state, 'overdue')
})

test('nothing is said without a history, or before and after the run', () => {
  assert.equal(courseOf(run, null, after(1)), null)
  assert.equal(courseOf({ startedAt: null, finishedAt: null }, usual, after(1)), null)
  assert.equal(courseOf({ startedAt: START, finishedAt: after(3) }, usual, after(4)), null)
})
