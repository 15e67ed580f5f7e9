const FIRST_POLL_SECONDS = 1
/** The interval grows with the time since the submit, so that a long task costs few polls. */
const GROWTH = 0.1

export function pollInterval(elapsed: number, queryInterval: number): number {
  return Math.min(queryInterval, Math.max(FIRST_POLL_SECONDS, elapsed * GROWTH))
}
