import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { pollInterval } from '../../src/pipeline/poll-interval.ts'

describe('the pause before the next look at a task', () => {
  const TABLE: [elapsed: number, interval: number, pause: number][] = [
    [0, 60, 1],
    [9, 60, 1],
    [20, 60, 2],
    [300, 60, 30],
    [600, 60, 60],
    [10_000, 60, 60],
    [0, 0.1, 0.1],
    [10_000, 0.1, 0.1],
    // The clock was set back.
    [-5, 60, 1],
  ]
  for (const [elapsed, interval, pause] of TABLE) {
    it(`is ${pause} s, ${elapsed} s after the submit, where the interval is ${interval} s`, () => {
      assert.equal(pollInterval(elapsed, interval), pause)
    })
  }

  it('costs few calls: a task of three hours is looked at less than 250 times', () => {
    let elapsed = 0
    let calls = 0
    for (; elapsed < 3 * 3600; calls++) elapsed += pollInterval(elapsed, 60)
    assert.ok(calls < 250, `${calls}`)
  })
})
