import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { unpack } from '../files/unpack.ts'
import type { DeployJournal, DeployPhase } from './journal.ts'
import { installationOf } from './kinds.ts'
import { backupNumbers, backupsOf, type DeployPlan, isInstalled } from './plan.ts'
import { type RollBack, type RolledBack, rollBack } from './roll-back.ts'
import { requireProgram } from './service-command.ts'
import { type ControlOptions, controlService } from './service-control.ts'

export class DeployError extends Error {
  readonly rolledBack: RolledBack

  constructor(message: string, rolledBack: RolledBack, options: ErrorOptions) {
    super(message, options)
    this.name = 'DeployError'
    this.rolledBack = rolledBack
  }
}

/**
 * Replaces the running version of a service by that of a package. Either it happens, or the old version runs
 * afterwards and a DeployError says what failed. It is to be committed.
 */
export async function deploy(
  plan: DeployPlan,
  journal: DeployJournal,
  options: ControlOptions,
): Promise<void> {
  try {
    await perform(plan, journal, options)
  } catch (error) {
    const { message } = error as Error
    options.write(`The deploy failed: ${message}\n`)
    const { rolledBack, sentence } = await rollBack(plan, journal, options).catch(stuck)
    throw new DeployError(`${message}\n${sentence}`.trim(), rolledBack, { cause: error })
  }
}

/** What was deployed stays: until then a crash puts back what was there before. */
export async function commit(plan: DeployPlan, journal: DeployJournal): Promise<void> {
  await journal.remove(plan.service.name)
  await installationOf(plan)?.cleanUp()
  await removeOldBackups(plan)
}

function stuck(error: Error): RollBack {
  return { rolledBack: false, sentence: `The version of before could not be put back: ${error.message}` }
}

async function perform(plan: DeployPlan, journal: DeployJournal, options: ControlOptions): Promise<void> {
  const { service, archive, unpacked } = plan
  const control = controlService(plan, 'deploy', options)
  const enter = async (phase: DeployPhase) => {
    options.signal.throwIfAborted()
    await journal.enter(plan, phase)
    options.write(`deploy: ${phase}\n`)
  }

  if (plan.had_version && isInstalled(service)) await requireProgram(service.stop, service.install_dir)
  await enter('prepare')
  await unpack(archive, unpacked, { strip: service.strip, signal: options.signal })
  const installation = installationOf(plan)
  if (installation) {
    await requireStart(plan, await installation.prepare())
    await enter('stop')
    if (plan.had_version) await control.stop()
    await enter('replace')
    await installation.replace()
  }
  await enter('start')
  await control.deploy()
  await control.start()
  await control.untilHealthy()
}

/** The package may leave the start command to what is installed. */
async function requireStart({ service }: DeployPlan, files: string): Promise<void> {
  if (!isInstalled(service)) return
  await requireProgram(service.start, files).catch(async error => {
    if (service.kind !== 'binary') throw error
    await requireProgram(service.start, service.install_dir)
  })
}

async function removeOldBackups({ service }: DeployPlan): Promise<void> {
  if (!isInstalled(service)) return
  for (const number of (await backupNumbers(service)).slice(0, -service.keep_backups)) {
    const path = join(backupsOf(service), `${number}`)
    for (const each of [path, `${path}.json`]) await rm(each, { recursive: true, force: true })
  }
}
