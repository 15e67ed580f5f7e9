import type { JobStatus } from '../job-versions/job-status.ts'
import type { RecentRun } from './overview.ts'

/** Says which build a verdict is of where that is not the one that people would think of: a key and its params. */
export function verdictAge(
  verdict: Pick<RecentRun, 'buildId' | 'buildNumber'> | null,
  job: Pick<JobStatus, 'selectedBuild' | 'newestBuild'> | null,
) {
  const { selectedBuild, newestBuild } = job ?? {}
  if (!verdict || !selectedBuild || !newestBuild) return null
  const number = verdict.buildNumber
  if (verdict.buildId !== selectedBuild.id)
    return { key: 'versions:verdict_not_selected', params: { number, selected: selectedBuild.buildNumber } }
  if (verdict.buildId !== newestBuild.id)
    return { key: 'versions:verdict_not_newest', params: { number, newest: newestBuild.buildNumber } }
  return null
}
