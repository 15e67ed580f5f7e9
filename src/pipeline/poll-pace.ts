import type { RunModel as Run } from '../generated/prisma/models.ts'
import { serverHas } from './features.ts'
import { pollInterval } from './poll-interval.ts'

/** An answer that took longer was held by the server. */
const HELD_MS = 1_000
const SHORT_PAUSE_SECONDS = 0.5

export interface Pace {
  seconds: number | 'growing'
  wait: boolean
}

export const GROWING: Pace = { seconds: 'growing', wait: false }

interface Poll {
  sentAt: number
  waited: boolean
  statusChanged: boolean
}

/**
 * Between polls a change is missed, so a long poll follows a short one at once. One answered early without a
 * change was not held by the server.
 */
export function nextPace(run: Run, { sentAt, waited, statusChanged }: Poll): Pace {
  if (!serverHas('long_poll', run)) return GROWING
  const held = Date.now() - sentAt >= HELD_MS
  if (!waited || held) return { seconds: 0, wait: true }
  return statusChanged ? { seconds: Math.min(SHORT_PAUSE_SECONDS, run.queryInterval), wait: false } : GROWING
}

export function millisecondsUntil({ seconds }: Pace, run: Run, submittedAt: Date, deadline: number): number {
  const elapsed = (Date.now() - submittedAt.getTime()) / 1000
  const wanted = seconds === 'growing' ? pollInterval(elapsed, run.queryInterval) : seconds
  return Math.max(0, Math.min(wanted * 1000, deadline - Date.now()))
}
