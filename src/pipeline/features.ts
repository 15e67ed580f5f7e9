import type { Feature } from '../external/test-server/index.ts'
import type { RunModel as Run } from '../generated/prisma/models.ts'

export function serverHas(feature: Feature, run: Pick<Run, 'testServerFeatures'>): boolean {
  return run.testServerFeatures.includes(feature)
}
