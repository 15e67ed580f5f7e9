import type { PresentRun } from './notifications/finished-run.ts'
import { countFlaky } from './runs/flaky-tests.ts'

/** Presents a run as the API does, whose shape is loaded at the first webhook. */
export const presentRun: PresentRun = async (tx, id, forecast = null) => {
  const { presentRun: present } = await import('./runs/runs.shape.ts')
  // One after another: a transaction has one connection.
  const run = await tx.run.findUniqueOrThrow({ where: { id } })
  const testItem = await tx.testItem.findUniqueOrThrow({ where: { id: run.testItemId } })
  const build = run.buildId ? await tx.build.findUnique({ where: { id: run.buildId } }) : null
  const steps = await tx.step.findMany({ where: { runId: id }, orderBy: { id: 'asc' } })
  const comparison = await tx.testComparison.findUnique({ where: { runId: id } })
  const environments = await tx.runEnvironment.findMany({ where: { runId: id }, orderBy: { id: 'asc' } })
  const whole = { ...run, testItem, build, steps, comparison, environments, forecast }
  return present({ ...whole, flakyTests: countFlaky(whole) })
}
