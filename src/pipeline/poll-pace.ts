import type { RunModel as Run } from '../generated/prisma/models.ts'
import { serverHas } from './features.ts'
import { pollInterval } from './poll-interval.ts'

/** An answer that took longer was held by the server. */
const HELD_MS = 1_000
const SHORT_PAUSE_SECONDS = 0.5

/** When the next poll is sent, and whether it is a long poll. */
export interface Pace {
  /** `growing`: with the time since the submit. */
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
 * A change is missed between polls, so a long poll follows at once a short one, and one that was held. One answered
 * at once with a new status may be the first of many: a short pause. One answered at once without was not held,
 * whatever the server announced.
 */
export function nextPace(run: Run, { sentAt, waited, statusChanged }: Poll): Pace {
  if (!serverHas('long_poll', run)) return GROWING
  const held = Date.now() - sentAt >= HELD_MS
  if (!waited || held) return { seconds: 0, wait: true }
  return statusChanged ? { seconds: Math.min(SHORT_PAUSE_SECONDS, run.queryInterval), wait: false } : GROWING
}

/** Returns the milliseconds until the next poll, at most until `deadline`. */
export function millisecondsUntil({ seconds }: Pace, run: Run, submittedAt: Date, deadline: number): number {
  const elapsed = (Date.now() - submittedAt.getTime()) / 1000
  const wanted = seconds === 'growing' ? pollInterval(elapsed, run.queryInterval) : seconds
  return Math.max(0, Math.min(wanted * 1000, deadline - Date.now()))
}
