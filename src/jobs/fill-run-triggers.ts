import type { Context } from '../context.ts'
import { fillTriggers } from '../runs/fill-triggers.ts'

export const FILL_RUN_TRIGGERS = 'fill run triggers'
const NEVER_AGAIN = new Date('9999-12-31')

/** Once: after the last run, this entry of the timetable is not due again. */
export async function fillRunTriggers({ db, stopping }: Context): Promise<void> {
  let last: number | null = 0
  while (last !== null && !stopping.aborted) last = await fillTriggers(db, last)
  if (last !== null) return
  await db.timetableEntry.updateMany({ where: { name: FILL_RUN_TRIGGERS }, data: { takenFor: NEVER_AGAIN } })
}
