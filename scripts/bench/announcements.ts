/** Builds as Jenkins announces them, each a new one, spread over jobs. */
export interface Announcements {
  jobs: number
  /** The first build's number. */
  from: number
  /** Below which folder of the package server they are: tells the builds of one load from all others. */
  folder: string
  /** How many there are; any number if missing. */
  most?: number
}

export const announcedJob = (job: number) => `Bench/job-${job}`

export function announcementOf({ jobs, from, folder }: Announcements, index: number) {
  const number = from + index
  const job = 1 + (index % jobs)
  return {
    BUILD_USER: 'Li Wei',
    JOB_NAME: announcedJob(job),
    PACKAGE_PATH: `${folder}/job-${job}/20261121-nightly-${number.toString(16).padStart(8, '0')}`,
    BUILD_NUMBER: `${number}`,
  }
}
