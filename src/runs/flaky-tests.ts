import type { StepModel as Step, TestComparisonModel as TestComparison } from '../generated/prisma/models.ts'
import { detailsOf, type MonitorDetails } from './step-details.ts'

interface TestedRun {
  steps: Step[]
  comparison: TestComparison | null
}

/** Counts the tests that passed and failed on the run's build; null where nothing is known of its tests. */
export function countFlaky({ steps, comparison }: TestedRun): number | null {
  const details = detailsOf(steps, 'monitor')
  if (!comparison && !details?.retried) return null
  return (comparison?.flaky ?? 0) + unlistedFlaky(details).length
}

/** Tests that passed when they were run again, and that the report does not list. */
export function unlistedFlaky(details: MonitorDetails | null): string[] {
  const retried = details?.retried ?? []
  return retried.filter(({ listed, status }) => !listed && isPass(status)).map(({ test }) => test)
}

function isPass(status: string): boolean {
  return ['pass', 'passed', 'ok'].includes(status.toLowerCase())
}
