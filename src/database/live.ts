import { z } from 'zod'
import type { Queryable } from './client.ts'

/** What open pages are told: that something of this kind changed. They fetch what they show again. */
const change = z.object({
  topic: z.enum(['run', 'job', 'item']),
  /** The id of the run or item; the job's name. */
  id: z.union([z.number(), z.string()]),
})
export type Change = z.output<typeof change>

export const LIVE_CHANNEL = 'crat_live'

/** Told to every process when the transaction commits, and only then. */
export async function announceChange(tx: Queryable, change: Change): Promise<void> {
  // A notification holds 8,000 bytes at most; a job's name is far shorter.
  await tx.$executeRaw`SELECT pg_notify(${LIVE_CHANNEL}, ${JSON.stringify(change)})`
}

/** What was announced; null where it is none of ours. */
export function parseChange(payload: string | undefined): Change | null {
  try {
    return change.parse(JSON.parse(payload ?? ''))
  } catch {
    return null
  }
}
