import type { RunEnvironmentModel as RunEnvironment } from '../generated/prisma/models.ts'
import { linkable } from '../lib/links.ts'
import { masked } from '../lib/secrets.ts'
import type { LogTail } from './read-log.ts'
import type { Failure } from './run-event.ts'
import type { FullRun } from './runs.ts'
import type { StepView } from './step-view.ts'

export interface ShownMember extends RunEnvironment {
  report: string | null
}

/** The environments of the current attempt. */
export function membersOf(run: FullRun): ShownMember[] {
  return run.environments
    .filter(({ attempt }) => attempt === run.attempt)
    .map(member => ({
      ...{ ...member, testServerUrl: masked(member.testServerUrl) },
      report: linkable(member.reportUrl),
    }))
}

export interface ShownLog extends Omit<LogTail, 'text'> {
  name: string | null
  text: string | null
  problem: Failure | null
}

interface MonitorProgress {
  log_error?: Failure | null
  environments?: Record<string, MonitorProgress>
}

const NOTHING = { text: null, whole: true, cut: false, kept_from: 0, size: 0 }

/** The logs that are kept, and those that cannot be read. */
export function logsOf(
  run: FullRun,
  members: RunEnvironment[],
  tails: LogTail[],
  steps: StepView[],
): ShownLog[] {
  const step = steps.find(({ name }) => name === 'monitor')
  const progress = run.finishedAt ? null : (step?.progress as MonitorProgress | null | undefined)
  const indexes = members.length ? members.map(({ position }) => position) : tails.map(({ index }) => index)
  return indexes.flatMap(index => {
    const name = members.length > 1 ? (members[index]?.environmentName ?? null) : null
    const problem = (name ? progress?.environments?.[name] : progress)?.log_error ?? null
    const tail = tails.find(each => each.index === index)
    if (!tail && !problem) return []
    return { ...NOTHING, ...tail, index, name, problem }
  })
}
