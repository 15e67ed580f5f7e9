import { type Comparison, isFailing, type TestChange, type TestResult } from '../lib/test-result.ts'

export interface Verdicts {
  passed: Set<string>
  failing: Set<string>
}

/** An earlier run of the same item, with the verdicts of those tests that failed in one of the runs compared. */
export interface PastRun extends Verdicts {
  id: number
  build: string
}

export function compareResults(tests: TestResult[], build: string, past: PastRun[]): Comparison {
  const [previous] = past
  const verdicts = verdictsOf(tests)
  const flipped = flippedTests([{ build, ...verdicts }, ...past])
  return {
    previousRunId: previous?.id ?? null,
    tests: tests.map(test => ({
      ...test,
      change: previous ? changeOf(test, verdicts, previous) : null,
      flaky: test.flaky || flipped.has(test.id),
    })),
  }
}

// Of tests that share an id, the worst counts.
function verdictsOf(tests: TestResult[]): Verdicts {
  const idsOf = (some: TestResult[]) => new Set(some.map(({ id }) => id))
  const failing = idsOf(tests.filter(isFailing))
  const passed = idsOf(tests.filter(({ status }) => status === 'passed'))
  return { passed: passed.difference(failing), failing }
}

function changeOf(test: TestResult, now: Verdicts, previous: Verdicts): TestChange | null {
  const failedBefore = previous.failing.has(test.id)
  if (isFailing(test)) return failedBefore ? 'still_failing' : 'new_failure'
  // A test that is now skipped or missing is not fixed.
  return failedBefore && test.status === 'passed' && now.passed.has(test.id) ? 'fixed' : null
}

function flippedTests(runs: (Verdicts & { build: string })[]): Set<string> {
  const flipped = new Set<string>()
  for (const sameBuild of Map.groupBy(runs, ({ build }) => build).values()) {
    const passed = new Set(sameBuild.flatMap(run => [...run.passed]))
    for (const { failing } of sameBuild) for (const id of failing) if (passed.has(id)) flipped.add(id)
  }
  return flipped
}
