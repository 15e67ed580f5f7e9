import type { PresentRun } from './notifications/finished-run.ts'
import { getRun } from './runs/runs.ts'

/** Presents a run as the API does, whose shape is loaded at the first webhook. */
export const presentRun: PresentRun = async (tx, id) => {
  const { presentRun: present } = await import('./runs/runs.shape.ts')
  return present(await getRun(tx, id))
}
