const FIRST_POLL_SECONDS = 1
/** A pause is this part of the time since the submit, so that a long task costs few calls. */
const GROWTH = 0.1

/** Seconds until the next look at a task that was submitted `elapsed` seconds ago. */
export function pollInterval(elapsed: number, queryInterval: number): number {
  return Math.min(queryInterval, Math.max(FIRST_POLL_SECONDS, elapsed * GROWTH))
}
