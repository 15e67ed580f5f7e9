import type { Options } from './options.ts'

/** What a database is filled with. Jobs and test items are as many in each, so that pages show as much. */
export interface Sizes {
  builds: number
  runs: number
  /** TESTS_PER_RUN if missing. */
  testsPerRun?: number
  /** As 2.0.0 has it. */
  oldest?: boolean
}

export const JOBS = 500
export const ITEMS = 300
/** Those of a report that could be read, as 10 of 11 runs have. */
export const TESTS_PER_RUN = 220
/** Every tenth build is of this job, every second run of this item: they fill a page in the small database, too. */
export const BUSY_JOB = 150
export const BUSY_ITEM = 150

export const SMALL: Sizes = { builds: 1_000, runs: 1_000 }

/** At scale 1 there are 10,000,000 test results. */
export function bigSizes({ scale }: Options): Sizes {
  return {
    builds: Math.max(SMALL.builds, Math.round(1_000_000 * scale)),
    runs: Math.max(SMALL.runs, Math.round(50_000 * scale)),
  }
}

/** Without a slash: not every server takes one in a path. */
export const jobName = (job: number) => `team-${job % 9}-job-${job}`

/** How long things are measured. */
export interface Pace {
  /** How often each measurement is taken in turns. */
  rounds: number
  warmUpSeconds: number
  seconds: number
  /** Until a process is idle. */
  settleSeconds: number
  /** Requests for each page. */
  requests: number
}

export function paceOf({ quick }: Options): Pace {
  return quick
    ? { rounds: 1, warmUpSeconds: 0.5, seconds: 2, settleSeconds: 3, requests: 11 }
    : { rounds: 3, warmUpSeconds: 1, seconds: 5, settleSeconds: 10, requests: 51 }
}
