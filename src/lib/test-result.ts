import type { TestStatus } from './report-summary.ts'

export interface TestResult {
  /** Stable across reports; at most 100 characters. Not unique: of tests that share an id, the worst counts. */
  id: string
  name: string
  /** Outermost suite first, joined by ` › `; may be empty. */
  suite: string
  status: TestStatus
  duration_ms: number | null
  /** Only for failing tests; null as well in reports with very many failures. */
  message: string | null
  trace: string | null
  retries: number
  flaky: boolean
  /** Where the report shows it, if it fails. */
  url?: string
}

export const TEST_CHANGES = ['new_failure', 'still_failing', 'fixed'] as const
export type TestChange = (typeof TEST_CHANGES)[number]

/** `change` null: no change, or no previous run. `flaky` includes tests that flipped on the same build. */
export type ComparedTest = TestResult & { change: TestChange | null }

export interface Comparison {
  previousRunId: number | null
  tests: ComparedTest[]
}

export const FAILING: readonly TestStatus[] = ['failed', 'broken']
/** Of tests that share an id, the worst counts. */
export const WORST_FIRST: readonly TestStatus[] = ['failed', 'broken', 'passed', 'skipped', 'unknown']
export const VERDICTS: readonly TestStatus[] = ['passed', ...FAILING]

export function isFailing({ status }: { status: TestStatus }): boolean {
  return FAILING.includes(status)
}
