import type { TestStatus } from './report-summary.ts'

/** One test of a report. */
export interface TestResult {
  /** The same in every report of this test; at most 100 characters. Tests may share one: the worst counts. */
  id: string
  name: string
  /** Its suites, the outermost first, ` › ` between them; empty where there are none. */
  suite: string
  status: TestStatus
  duration_ms: number | null
  /** Why it fails, where the report says so and there are not too many that do. */
  message: string | null
  trace: string | null
  retries: number
  /** The report calls it so, or it passed only when it was tried again. */
  flaky: boolean
}

/** What has become of a test since the run before. */
export const TEST_CHANGES = ['new_failure', 'still_failing', 'fixed'] as const
export type TestChange = (typeof TEST_CHANGES)[number]

/** `change` null: nothing to tell, or no run to compare with. `flaky`: also what flipped on the same build. */
export type ComparedTest = TestResult & { change: TestChange | null }

/** A run's tests beside those of the finished run of the same item before it. */
export interface Comparison {
  /** null: there is none whose tests are known, and nothing is said about changes. */
  previousRunId: number | null
  tests: ComparedTest[]
}

/** The product fails it: an assertion (`failed`), or anything else (`broken`). */
export const FAILING: readonly TestStatus[] = ['failed', 'broken']
/** What says something about the product. */
export const VERDICTS: readonly TestStatus[] = ['passed', ...FAILING]

export function isFailing({ status }: { status: TestStatus }): boolean {
  return FAILING.includes(status)
}
