import type { Transaction } from '../database/client.ts'
import { announceChange } from '../database/live.ts'
import type { Store } from '../database/store.ts'
import { Prisma } from '../generated/prisma/client.ts'
import type { RunModel as Run } from '../generated/prisma/models.ts'
import { isTerminal } from '../lib/run-status.ts'
import type { Comparison } from '../lib/test-result.ts'
import { storable } from '../lib/text.ts'
import { composeRunMail, type MailRules } from '../notifications/compose-run-mail.ts'
import { type OwedMail, oweMail } from '../notifications/outbox.ts'
import { compareWithEarlierRuns, saveComparison } from '../test-results/test-results.ts'
import { type Failure, type RunEvent, type RunPatch, type Transition, transition } from './transition.ts'

/** A store that also knows how mails name this server. */
export interface RunStore extends Store {
  mails: MailRules
}

/** Someone else has changed the run since it was read: it was cancelled, or another worker took it over. */
export class StaleRunError extends Error {
  constructor(run: Run) {
    super(`run ${run.id} is no longer ${run.status} in our hands`)
  }
}

/**
 * The one writer of a run's status. In one transaction: the run, its steps, the mail it owes when it ends, and the
 * word to open pages. Only where the run still is as the caller read it; otherwise StaleRunError and nothing.
 * `also` joins what else must be true at once.
 */
export async function recordEvent(
  store: RunStore,
  run: Run,
  event: RunEvent,
  also?: (tx: Transaction) => Promise<void>,
): Promise<Run> {
  const change = transition(run, event, new Date())
  const comparison = await compareTests(store, run, event)
  const mail = isTerminal(change.run.status) ? await composeRunMail(store, run, change, comparison) : null
  return store.db.$transaction(async tx => {
    const { count } = await tx.run.updateMany({
      where: { id: run.id, status: run.status, claim: run.claim },
      data: columnsOf(change.run),
    })
    if (!count) throw new StaleRunError(run)
    await writeSteps(tx, run.id, change)
    if (comparison) await saveComparison(tx, run.id, comparison)
    if (mail) await settleNotify(store, tx, run.id, mail)
    await also?.(tx)
    await announceChange(tx, { topic: 'run', id: run.id })
    return tx.run.findUniqueOrThrow({ where: { id: run.id } })
  })
}

/** A report without tests says nothing, and is nothing to compare with. */
async function compareTests({ db }: Store, run: Run, event: RunEvent): Promise<Comparison | null> {
  const tests = event.type === 'tested' ? event.tests : null
  return tests?.length ? compareWithEarlierRuns(db, run, tests) : null
}

function columnsOf({
  error,
  summary,
  responseRawData,
  ...rest
}: RunPatch): Prisma.RunUpdateManyMutationInput {
  return {
    ...storable(rest),
    ...errorColumns(error),
    errorMessage: error && storable(error.message),
    summary: summary === undefined ? undefined : json(summary),
    responseRawData: responseRawData === undefined ? undefined : json(responseRawData),
  }
}

function errorColumns(error: Failure | undefined) {
  return { errorKey: error?.key, errorParams: error && json(error.params) }
}

function json(value: unknown): Prisma.InputJsonValue | typeof Prisma.JsonNull {
  return value === null ? Prisma.JsonNull : (storable(value) as Prisma.InputJsonValue)
}

async function writeSteps(tx: Transaction, runId: number, { closes, opens }: Transition): Promise<void> {
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
    if (!count) await tx.step.create({ data: { runId, name: closes.name, ...data } })
  }
  if (opens) {
    const details = opens.details && json(opens.details)
    await tx.step.create({ data: { runId, name: opens.name, status: 'RUNNING', details } })
  }
}

/** The end of a run and the mail it owes are one transaction. */
async function settleNotify(
  store: Store,
  tx: Transaction,
  runId: number,
  mail: OwedMail | { skipped: string },
): Promise<void> {
  if ('skipped' in mail) {
    const details = { reason: mail.skipped }
    await tx.step.create({ data: { runId, name: 'notify', status: 'SKIPPED', endTime: new Date(), details } })
    return
  }
  await tx.step.create({
    data: { runId, name: 'notify', status: 'RUNNING', details: { recipient: mail.recipient } },
  })
  await oweMail(store, tx, { runId, ...mail })
}
