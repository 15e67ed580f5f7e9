import { AppError } from '../lib/errors.ts'
import { type Check, DatabaseUnavailable, type Finding, failed, type Status, type Subject } from './check.ts'
import { checkBloat } from './checks/bloat.ts'
import { checkChannels } from './checks/channels.ts'
import { checkClock } from './checks/clock.ts'
import { checkConfiguration } from './checks/configuration.ts'
import { checkDatabase } from './checks/database.ts'
import { checkDatabaseRights } from './checks/database-rights.ts'
import { checkDatabaseSize } from './checks/database-size.ts'
import { checkDisk } from './checks/disk.ts'
import { checkMail } from './checks/mail.ts'
import { checkMigrations } from './checks/migrations.ts'
import { checkPackageServer } from './checks/package-server.ts'
import { checkQueue } from './checks/queue.ts'
import { checkSecrets } from './checks/secrets.ts'
import { checkSpool } from './checks/spool.ts'
import { checkTestServers } from './checks/test-servers.ts'
import { checkTransactions } from './checks/transactions.ts'
import { checkWorkers } from './checks/workers.ts'

/** In the order in which they are shown. A further check is a file in `checks` and a line here. */
const CHECKS: [string, Check][] = [
  ['configuration', checkConfiguration],
  ['secrets', checkSecrets],
  ['database', checkDatabase],
  ['database_rights', checkDatabaseRights],
  ['migrations', checkMigrations],
  ['database_size', checkDatabaseSize],
  ['bloat', checkBloat],
  ['transactions', checkTransactions],
  ['disk', checkDisk],
  ['spool', checkSpool],
  ['clock', checkClock],
  ['package_server', checkPackageServer],
  ['test_servers', checkTestServers],
  ['mail', checkMail],
  ['channels', checkChannels],
  ['queue', checkQueue],
  ['workers', checkWorkers],
]

export interface CheckResult {
  name: string
  status: Status
  findings: Finding[]
  tookMs: number
}

const TIMEOUT_MS = 10_000

/** Runs all checks at once; one that hangs ends after its timeout. */
export function runChecks(subject: Subject, timeoutMs = TIMEOUT_MS): Promise<CheckResult[]> {
  return Promise.all(CHECKS.map(([name, check]) => runCheck(name, check, subject, timeoutMs)))
}

async function runCheck(
  name: string,
  check: Check,
  subject: Subject,
  timeoutMs: number,
): Promise<CheckResult> {
  const startedAt = performance.now()
  const findings = await withTimeout(check, subject, timeoutMs).catch(findingFrom)
  return { name, status: worstOf(findings), findings, tookMs: Math.round(performance.now() - startedAt) }
}

async function withTimeout(check: Check, subject: Subject, timeoutMs: number): Promise<Finding[]> {
  const signal = AbortSignal.timeout(timeoutMs)
  const { promise, resolve } = Promise.withResolvers<Finding[]>()
  signal.addEventListener('abort', () => resolve([failed('doctor:timeout', { seconds: timeoutMs / 1000 })]))
  return Promise.race([check(subject, signal), promise])
}

function findingFrom(error: unknown): Finding[] {
  if (error instanceof DatabaseUnavailable) {
    return [{ status: 'skipped', key: 'doctor:no_database', params: {} }]
  }
  if (error instanceof AppError) return [failed('doctor:check_failed', {}, error)]
  return [failed('doctor:check_failed', { reason: (error as Error).message })]
}

const ORDER: Status[] = ['ok', 'skipped', 'warning', 'failed']

export const worstOf = (results: { status: Status }[]): Status =>
  results.reduce<Status>(
    (worst, { status }) => (ORDER.indexOf(status) > ORDER.indexOf(worst) ? status : worst),
    'ok',
  )
