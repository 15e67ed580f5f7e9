import type { Transaction } from '../database/client.ts'
import { announceChange } from '../database/live.ts'
import type { Store } from '../database/store.ts'
import { Prisma } from '../generated/prisma/client.ts'
import type { RunModel as Run } from '../generated/prisma/models.ts'
import { isTerminal } from '../lib/run-status.ts'
import { storable } from '../lib/text.ts'
import { type QuarantineHook, recordInEnvironments } from './record-in-environments.ts'
import type { Failure, RunEvent, RunPatch, Transition } from './run-event.ts'
import { transition } from './transition.ts'

export interface RunStore extends Store {
  onRunEnd: RunEndHook
  onQuarantine: QuarantineHook
}

export interface RunEnd {
  run: Run
  event: RunEvent
  change: Transition
}

/** Prepares what belongs to the end of a run; the returned function writes it in the same transaction. */
export type RunEndHook = (end: RunEnd) => Promise<(tx: Transaction) => Promise<void>>

export class StaleRunError extends Error {
  constructor(run: Run) {
    super(`run ${run.id} is no longer ${run.status} with claim ${run.claim}`)
  }
}

/**
 * Applies an event: the only writer of a run's status. Throws StaleRunError if the run has changed. `before` and `also`
 * write in the same transaction.
 */
export async function recordEvent(
  store: RunStore,
  run: Run,
  event: RunEvent,
  also?: (tx: Transaction) => Promise<void>,
  before?: (tx: Transaction) => Promise<void>,
): Promise<Run> {
  const change = transition(run, event, new Date())
  const writeEnd = isTerminal(change.run.status) ? await store.onRunEnd({ run, event, change }) : null
  return store.db.$transaction(async tx => {
    await before?.(tx)
    const { count } = await tx.run.updateMany({
      where: { id: run.id, status: run.status, claim: run.claim },
      data: columnsOf(change.run),
    })
    if (!count) throw new StaleRunError(run)
    await writeSteps(tx, run, change)
    await recordInEnvironments(store, tx, run, event, change)
    await writeEnd?.(tx)
    await also?.(tx)
    await announceChange(tx, { topic: 'run', id: run.id })
    if (writeEnd) await announceChange(tx, { topic: 'run_end', id: run.triggeredBy })
    return tx.run.findUniqueOrThrow({ where: { id: run.id } })
  })
}

function columnsOf({
  error,
  summary,
  load,
  responseRawData,
  ...rest
}: RunPatch): Prisma.RunUpdateManyMutationInput {
  return {
    ...storable(rest),
    ...errorColumns(error),
    errorMessage: error && storable(error.message),
    summary: summary === undefined ? undefined : json(summary),
    load: load ? json(load) : undefined,
    responseRawData: responseRawData === undefined ? undefined : json(responseRawData),
  }
}

function errorColumns(error: Failure | undefined) {
  return { errorKey: error?.key, errorParams: error && json(error.params) }
}

function json(value: unknown): Prisma.InputJsonValue | typeof Prisma.JsonNull {
  return value === null ? Prisma.JsonNull : (storable(value) as Prisma.InputJsonValue)
}

async function writeSteps(tx: Transaction, run: Run, { closes, opens }: Transition): Promise<void> {
  const { id: runId, attempt } = run
  if (closes) {
    const data = {
      status: closes.status,
      endTime: new Date(),
      details: closes.details && json(closes.details),
      error: closes.error && storable(closes.error.message),
      ...errorColumns(closes.error),
    }
    const { count } = await tx.step.updateMany({
      where: { runId, name: closes.name, status: 'RUNNING' },
      data,
    })
    if (!count) await tx.step.create({ data: { runId, attempt, name: closes.name, ...data } })
  }
  if (opens) {
    const details = opens.details && json(opens.details)
    await tx.step.create({ data: { runId, attempt, name: opens.name, status: 'RUNNING', details } })
  }
}
