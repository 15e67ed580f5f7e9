import type { Context } from '../context.ts'
import { fillTriggers } from '../runs/fill-triggers.ts'

export async function fillRunTriggers({ db, stopping }: Context): Promise<void> {
  let last: number | null = 0
  while (last !== null && !stopping.aborted) last = await fillTriggers(db, last)
}
