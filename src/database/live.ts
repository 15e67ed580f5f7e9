import * as z from 'zod'
import type { Queryable } from './client.ts'

/** `session`: it has ended; `session_ack`: a process has heard of that. */
const SESSION_TOPICS = ['session', 'session_ack'] as const
const RUN_TOPICS = ['run', 'log', 'run_end'] as const
const OTHER_TOPICS = ['job', 'item', 'build', 'environment', 'setting'] as const

const change = z.object({
  topic: z.enum([...SESSION_TOPICS, ...RUN_TOPICS, ...OTHER_TOPICS]),
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
