import type { TestAttempt } from '../../external/test-server/index.ts'
import type { TestResult } from '../../lib/test-result.ts'
import type { RetriedTest } from '../../runs/step-details.ts'

/** Enough to show; all of them are in the server's answer. */
const MAX_KEPT = 500

/** What passed on a later attempt is flaky, whatever the report says. */
export function markRetried(tests: TestResult[], attempts: TestAttempt[]): TestResult[] {
  const last = lastAttempts(attempts)
  return tests.map(test => {
    const retries = (last.get(test.id) ?? last.get(test.name))?.attempt ?? 1
    if (retries < 2) return test
    return {
      ...test,
      retries: Math.max(test.retries, retries - 1),
      flaky: test.flaky || test.status === 'passed',
    }
  })
}

/** The tests that were run again, for the step's details, with whether the report lists them. */
export function retriedIn(attempts: TestAttempt[], tests: TestResult[] | null): { retried?: RetriedTest[] } {
  const listed = new Set(tests?.flatMap(({ id, name }) => [id, name]))
  const retried = [...lastAttempts(attempts).values()]
    .filter(({ attempt }) => attempt > 1)
    .map(({ test, attempt, status }) => ({ test, attempts: attempt, status, listed: listed.has(test) }))
  return retried.length ? { retried: retried.slice(0, MAX_KEPT) } : {}
}

function lastAttempts(attempts: TestAttempt[]): Map<string, TestAttempt> {
  const last = new Map<string, TestAttempt>()
  for (const each of attempts)
    if (each.attempt >= (last.get(each.test)?.attempt ?? 1)) last.set(each.test, each)
  return last
}
