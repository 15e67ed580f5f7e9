import { recordChange } from '../audit/audit.ts'
import type { Database, Transaction } from '../database/client.ts'
import { announceChange } from '../database/live.ts'
import type { EnvironmentModel as Environment } from '../generated/prisma/models.ts'
import type { AppError } from '../lib/errors.ts'
import { readyColumns } from './state.ts'

export interface Check {
  reachable: boolean
  protocol: number | null
  features: string[]
  tookMs: number
  error: AppError | null
}

export interface Checker {
  db: Database
  checkTestServer(url: string, token: string | null): Promise<Check>
  onReady: ReadyHook
}

/** Called where a quarantine ends, in the same transaction. */
export type ReadyHook = (tx: Transaction, environment: Environment) => Promise<void>

const FIRST_MINUTES = 1
const MOST_MINUTES = 60

export function nextCheck(checkFailures: number): Date {
  return new Date(Date.now() + Math.min(FIRST_MINUTES * 2 ** checkFailures, MOST_MINUTES) * 60_000)
}

export async function checkEnvironment(
  checker: Checker,
  environment: Environment,
  actor: string,
): Promise<Check> {
  const check = await checker.checkTestServer(environment.testServerUrl, environment.token)
  if (check.reachable) await recordGood(checker, environment, check, actor)
  else await recordBad(checker.db, environment)
  return check
}

async function recordGood(
  { db, onReady }: Checker,
  { id }: Environment,
  check: Check,
  actor: string,
): Promise<void> {
  const seen = { protocol: check.protocol, features: check.features, lastSeenAt: new Date() }
  await db.$transaction(async tx => {
    const { count } = await tx.environment.updateMany({
      where: { id, state: 'quarantined' },
      data: { ...seen, ...readyColumns() },
    })
    if (!count) await tx.environment.updateMany({ where: { id }, data: seen })
    else await onReady(tx, await recordReturn(tx, id, actor))
    await announceChange(tx, { topic: 'environment', id })
  })
}

async function recordReturn(tx: Transaction, id: number, actor: string): Promise<Environment> {
  const environment = await tx.environment.findUniqueOrThrow({ where: { id } })
  const change = { before: { state: 'quarantined' }, after: { state: 'ready' } }
  await recordChange(tx, { actor, action: 'change environment', subject: environment.name, ...change })
  return environment
}

async function recordBad(db: Database, { id, checkFailures }: Environment): Promise<void> {
  await db.environment.updateMany({
    where: { id, state: 'quarantined' },
    data: { checkFailures: { increment: 1 }, nextCheckAt: nextCheck(checkFailures + 1) },
  })
  await announceChange(db, { topic: 'environment', id })
}

export async function checkQuarantined(checker: Checker): Promise<number> {
  const due = await checker.db.environment.findMany({
    where: { state: 'quarantined', nextCheckAt: { lte: new Date() } },
  })
  const checks = await Promise.all(due.map(environment => checkEnvironment(checker, environment, 'crat')))
  return checks.filter(({ reachable }) => reachable).length
}
