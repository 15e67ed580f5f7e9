import { connectDatabase } from '../../../src/database/client.ts'
import { loadSchedule, mayStartAny } from '../../../src/runs/load-schedule.ts'
import { planStarts } from '../../../src/runs/schedule.ts'
import { answerParent } from '../in-worker.ts'
import { median } from '../statistics.ts'

export interface ScheduleTimesPlan {
  databaseUrl: string
  /** The first of these are not counted. */
  warmUp: number
  times: number
}

/** The median in milliseconds. */
export type ScheduleTimes = number

await answerParent(async ({ databaseUrl, warmUp, times }: ScheduleTimesPlan): Promise<ScheduleTimes> => {
  const { db, close } = connectDatabase(databaseUrl, 10)
  const taken: number[] = []
  for (let i = 0; i < warmUp + times; i++) {
    const began = performance.now()
    if (await mayStartAny(db)) planStarts(await loadSchedule(db))
    if (i >= warmUp) taken.push(performance.now() - began)
  }
  await close()
  return median(taken)
})
