import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { TestStatus } from '../../src/lib/report-summary.ts'
import type { TestResult } from '../../src/lib/test-result.ts'
import { compareResults, type PastRun } from '../../src/test-results/compare-results.ts'

const named = (id: string, status: TestStatus, more: Partial<TestResult> = {}): TestResult => ({
  ...{ id, name: id, suite: 'live', status, duration_ms: 5, message: null, trace: null },
  ...{ retries: 0, flaky: false },
  ...more,
})

/** `P` passed, `F` failing, anything else no verdict; newest run first. A run: the build and its verdict on `seek`. */
function pastRuns(story: string): PastRun[] {
  return story
    .split(' ')
    .filter(Boolean)
    .map((run, i) => {
      const [build = '', verdict] = run.split(':')
      const seek = (when: string) => new Set(verdict === when ? ['seek'] : [])
      return { id: 100 - i, build, passed: seek('P'), failing: seek('F') }
    })
}

// What `seek` is now in a run of build 5, what it was before, and what is told of it.
const STORIES: [TestStatus, string, string | null, boolean, string][] = [
  ['failed', '', null, false, 'with no run before it, nothing is new'],
  ['failed', '4:P', 'new_failure', false, 'passed before'],
  ['broken', '4:P', 'new_failure', false, 'breaking is failing'],
  ['failed', '4:-', 'new_failure', false, 'was skipped, or not there, before'],
  ['failed', '4:F', 'still_failing', false, 'failed before'],
  ['broken', '4:F 4:F', 'still_failing', false, 'fails another way'],
  ['failed', '4:P 3:F', 'new_failure', false, 'only the run before counts'],
  ['passed', '4:F', 'fixed', false, 'passes again'],
  ['passed', '4:P', null, false, 'nothing to tell'],
  ['skipped', '4:F', null, false, 'skipped is not fixed'],
  ['unknown', '4:F', null, false, 'nor is unknown'],
  ['failed', '5:P', 'new_failure', true, 'the same build passed: it flips'],
  ['passed', '5:F', 'fixed', true, 'the same build failed: it flips'],
  ['passed', '4:P 3:F 3:P', null, true, 'an older build flipped'],
  ['failed', '4:P 4:P 3:F 3:F', 'new_failure', false, 'each build was of one mind'],
  ['skipped', '5:P 5:-', null, false, 'a run without verdict flips nothing'],
]
for (const [now, before, change, flaky, why] of STORIES) {
  test(`${now} after “${before}” is ${change ?? 'nothing'}${flaky ? ', flaky' : ''}: ${why}`, () => {
    const { tests, previousRunId } = compareResults([named('seek', now)], '5', pastRuns(before))
    assert.deepEqual({ change: tests[0]?.change, flaky: tests[0]?.flaky }, { change, flaky })
    assert.equal(previousRunId, before ? 100 : null)
  })
}

test('what the report calls flaky is flaky without any other run', () => {
  const { tests } = compareResults([named('seek', 'passed', { flaky: true })], '5', [])
  assert.equal(tests[0]?.flaky, true)
})

test('of two tests with one id the worst counts, and they do not flip each other', () => {
  const two = [named('seek', 'passed'), named('seek', 'failed')]
  const { tests } = compareResults(two, '5', pastRuns('5:F'))
  assert.deepEqual(
    tests.map(({ change, flaky }) => ({ change, flaky })),
    [
      { change: null, flaky: false },
      { change: 'still_failing', flaky: false },
    ],
  )
})
