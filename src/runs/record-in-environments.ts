import type { Transaction } from '../database/client.ts'
import { countSetupFailure, recordWorking } from '../environments/setup-failures.ts'
import type { Prisma } from '../generated/prisma/client.ts'
import type {
  EnvironmentModel as Environment,
  RunModel as Run,
  RunEnvironmentModel as RunEnvironment,
} from '../generated/prisma/models.ts'
import { isTerminal } from '../lib/run-status.ts'
import { storable } from '../lib/text.ts'
import type { Failure, MemberChange, RunEvent, RunPatch, Transition } from './run-event.ts'

export type QuarantineHook = (tx: Transaction, environment: Environment) => Promise<void>

export async function recordInEnvironments(
  { onQuarantine }: { onQuarantine: QuarantineHook },
  tx: Transaction,
  run: Run,
  event: RunEvent,
  { run: patch }: Transition,
): Promise<void> {
  const attempt = { runId: run.id, attempt: run.attempt }
  await tx.runEnvironment.updateMany({ where: { ...attempt, endedAt: null }, data: columnsOf(event, patch) })
  for (const { position, ...member } of event.members ?? [])
    await tx.runEnvironment.updateMany({ where: { ...attempt, position }, data: memberColumns(member) })
  if (event.type === 'requeued') await forgetAttempt(tx, run.id)
  await judgeEnvironments(onQuarantine, tx, run, event)
}

async function forgetAttempt(tx: Transaction, runId: number): Promise<void> {
  await tx.runLog.deleteMany({ where: { runId } })
  await tx.loadPoint.deleteMany({ where: { runId } })
}

function columnsOf(event: RunEvent, patch: RunPatch): Prisma.RunEnvironmentUpdateManyMutationInput {
  const error = event.members ? undefined : event.type === 'requeued' ? event.error : patch.error
  if (event.type === 'requeued')
    return { status: 'FAILED', endedAt: new Date(), ...(error && errorColumns(error)) }
  const { status, submitStartedAt, submittedAt } = patch
  const own = event.members
    ? {}
    : { outcome: patch.outcome, taskId: patch.taskId, reportUrl: patch.reportUrl }
  return storable({
    ...{ status, submitStartedAt, submittedAt, ...own },
    ...(isTerminal(status) && { endedAt: new Date() }),
    ...(error && errorColumns(error)),
  })
}

function memberColumns({ error, summary, ...member }: Omit<MemberChange, 'position'>) {
  return storable({
    ...member,
    ...(summary && { summary: summary as unknown as Prisma.InputJsonObject }),
    ...(error && errorColumns(error)),
  })
}

function errorColumns({ key, params, message }: Failure) {
  return { errorKey: key, errorParams: params as Prisma.InputJsonObject, errorMessage: message }
}

async function judgeEnvironments(
  onQuarantine: QuarantineHook,
  tx: Transaction,
  run: Run,
  event: RunEvent,
): Promise<void> {
  const works = event.type === 'tested' || event.type === 'deployed'
  const failed = (event.type === 'failed' || event.type === 'requeued') && event.setupFailed
  if (!works && !failed) return
  const members = await tx.runEnvironment.findMany({ where: { runId: run.id, attempt: run.attempt } })
  for (const member of members) {
    const { environmentId: id, errorKey } = member
    if (id === null) continue
    if (works) await recordWorking(tx, { id, ...seenIn(run, member, members.length) })
    else if (members.length === 1 || errorKey) await countFailure(onQuarantine, tx, id, event)
  }
}

function seenIn(run: Run, { protocol, features }: RunEnvironment, members: number) {
  return members > 1
    ? { protocol, features }
    : { protocol: run.testServerProtocol, features: run.testServerFeatures }
}

async function countFailure(
  onQuarantine: QuarantineHook,
  tx: Transaction,
  id: number,
  { error }: { error: Failure },
): Promise<void> {
  const quarantined = await countSetupFailure(tx, id, error)
  if (quarantined) await onQuarantine(tx, quarantined)
}
