import type { Feature } from '../external/test-server/index.ts'
import type { RunModel as Run } from '../generated/prisma/models.ts'

/** Reports whether the run's test server announced the feature before the submit. */
export function serverHas(feature: Feature, run: Pick<Run, 'testServerFeatures'>): boolean {
  return run.testServerFeatures.includes(feature)
}
