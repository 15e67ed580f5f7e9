import type { DeployJournal } from './journal.ts'
import { installationOf } from './kinds.ts'
import type { DeployPlan } from './plan.ts'
import { type ControlOptions, controlService, type ServiceControl } from './service-control.ts'

/** Whether the version of before runs again; null where there was none. */
export type RolledBack = boolean | null

export interface RollBack {
  rolledBack: RolledBack
  sentence: string
}

/**
 * Undoes a deploy, however far it came: after a failure, and at the next start after a crash. It is not to be stopped
 * half-way; where this process is killed, the next start does it again.
 */
export async function rollBack(
  plan: DeployPlan,
  journal: DeployJournal,
  { cookie, outputFile, write }: ControlOptions,
): Promise<RollBack> {
  const entry = await journal.find(plan.service.name)
  const control = controlService(plan, 'restore', {
    ...{ cookie, outputFile, write },
    signal: new AbortController().signal,
  })
  await control.killStarted()
  const result =
    entry === null || entry.phase === 'prepare'
      ? { rolledBack: plan.had_version || null, sentence: untouched(plan) }
      : await putBack(plan, control, write)
  // The files are as they were, whether the service runs or not: there is nothing more to undo.
  await journal.remove(plan.service.name)
  await installationOf(plan)?.cleanUp()
  return result
}

function untouched({ had_version }: DeployPlan): string {
  return had_version ? 'The version of before was not touched.' : ''
}

/** Throws where the files cannot be put back: the journal then stays for the next try. */
async function putBack(
  plan: DeployPlan,
  control: ServiceControl,
  write: (text: string) => void,
): Promise<RollBack> {
  write('putting back the version of before\n')
  const installation = installationOf(plan)
  // It may run, half run or not run, and its command to stop may not be there.
  await control.stop().catch(error => write(`${error.message}\n`))
  await control.killStarted()
  await installation?.restore()
  if (!plan.had_version) return { rolledBack: null, sentence: 'There was no version before: none runs now.' }
  try {
    await control.rollBack()
    await control.start()
    await control.untilHealthy()
    return { rolledBack: true, sentence: 'The version of before was put back and runs.' }
  } catch (error) {
    const { message } = error as Error
    return { rolledBack: false, sentence: `The version of before was put back, but does not run: ${message}` }
  }
}
