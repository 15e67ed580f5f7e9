import * as z from 'zod'
import type { Queryable } from './client.ts'

const change = z.object({
  topic: z.enum(['run', 'log', 'job', 'item', 'build', 'environment', 'setting', 'session', 'run_end']),
  id: z.union([z.number(), z.string()]),
})
export type Change = z.output<typeof change>

export const LIVE_CHANNEL = 'crat_live'

export async function announceChange(tx: Queryable, change: Change): Promise<void> {
  // Stays below the 8,000 bytes of a notification.
  await tx.$executeRaw`SELECT pg_notify(${LIVE_CHANNEL}, ${JSON.stringify(change)})`
}

export function parseChange(payload: string | undefined): Change | null {
  try {
    return change.parse(JSON.parse(payload ?? ''))
  } catch {
    return null
  }
}
