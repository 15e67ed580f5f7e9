import { BUSY_JOB, JOBS, jobName } from './sizes.ts'

/** Builds as Jenkins announces them, each a new one. */
export interface Announcements {
  /** Evenly over 50 jobs, or as the databases are filled: over 500, and every tenth build of one of them. */
  spread: 'even' | 'filled'
  /** The first build's number. */
  from: number
  /** The folder of the package server that they lie below: by it the builds of one load are counted. */
  folder: string
  /** How many there are; any number if missing. */
  most?: number
}

const EVEN_JOBS = 50

export function announcementOf({ spread, from, folder }: Announcements, index: number) {
  const number = from + index
  const job = spread === 'even' ? `bench-job-${1 + (index % EVEN_JOBS)}` : jobName(filledJob(index))
  return {
    BUILD_USER: 'Li Wei',
    JOB_NAME: job,
    PACKAGE_PATH: `${folder}/${job}/20261121-nightly-${number.toString(16).padStart(8, '0')}`,
    BUILD_NUMBER: `${number}`,
  }
}

function filledJob(index: number): number {
  return index % 10 === 0 ? BUSY_JOB : 1 + ((index - Math.floor(index / 10)) % JOBS)
}
