import { join } from 'node:path'
import { type Context, controlOptions } from './context.ts'
import { commit, DeployError, deploy } from './deploy/deploy.ts'
import { obtainPackage } from './deploy/package.ts'
import { type DeployPlan, isInstalled, nextBackup, readIfAny } from './deploy/plan.ts'
import { type RollBack, rollBack } from './deploy/roll-back.ts'
import type { Service } from './services/service.ts'
import type { Submission } from './submission.ts'
import { type DeployResult, TaskFailure, type WorkTools } from './tasks/task.ts'

export interface Deployed {
  plan: DeployPlan
  result: DeployResult
}

/** Deploys the package of a submission; throws a TaskFailure where the old version goes on instead. */
export async function deployService(
  context: Context,
  service: Service,
  submission: Submission,
  tools: WorkTools,
): Promise<Deployed> {
  const { journal } = context
  const archive = await obtainPackage(submission, tools)
  const left = await journal.find(service.name)
  if (left) await rollBack(left.plan, journal, controlOptions(context, left.plan, tools))
  const plan = await planFor(service, submission, archive, tools)
  const result = resultOf(plan, submission)
  try {
    await deploy(plan, journal, controlOptions(context, plan, tools))
  } catch (error) {
    if (!(error instanceof DeployError)) throw error
    const failed = { ...result, success: false, rolled_back: error.rolledBack }
    throw new TaskFailure(error.message, { deploy: failed }, { cause: error })
  }
  // Before the commit: what a crash leaves without a journal entry did happen.
  await tools.note({ deploy: result })
  await commit(plan, journal)
  return { plan, result }
}

async function planFor(
  service: Service,
  { upgrade_type }: Submission,
  archive: string,
  { taskId, folder }: WorkTools,
): Promise<DeployPlan> {
  const installed = isInstalled(service)
  return {
    ...{ task_id: taskId, service, upgrade_type, archive, unpacked: join(folder, 'work', 'package') },
    backup: installed ? await nextBackup(service) : 0,
    had_version: installed
      ? (await readIfAny(service.install_dir)).length > 0
      : service.roll_back !== undefined,
  }
}

function resultOf({ service, had_version, backup }: DeployPlan, submission: Submission): DeployResult {
  const { service_name, upgrade_type } = submission
  const backups = isInstalled(service) && had_version ? { backup } : {}
  return { service: service_name, upgrade_type, success: true, ...backups }
}

export async function takeBack(context: Context, { plan }: Deployed, tools: WorkTools): Promise<RollBack> {
  await context.journal.enter(plan, 'start')
  return await rollBack(plan, context.journal, controlOptions(context, plan, tools))
}
