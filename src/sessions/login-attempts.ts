import { isIPv4 } from 'node:net'
import type { Queryable } from '../database/client.ts'
import { AppError } from '../lib/errors.ts'

interface Limit {
  /** So many failures cost nothing. */
  free: number
  /** Then each doubles the pause, up to so many seconds. */
  longest: number
}

const FIRST_PAUSE_SECONDS = 30
const FORGET_HOURS = 24
const PER_ADDRESS: Limit = { free: 10, longest: 3600 }
const PER_ACCOUNT: Limit = { free: 30, longest: 900 }

// While an account is under attack, an address has only so many failures; its owner comes in from a clean one.
const FREE_UNDER_ATTACK = 3

export interface Attempt {
  address: string
  /** Null where the account's pause let it through uncounted. */
  account: string | null
  failures: number
  pauses: boolean
}

/**
 * Counts a login as failed before it is checked, so that many at once are counted as well. Throws 429 during a pause.
 * `forgetFailures` or `releaseAttempt` takes it back.
 */
export async function beginAttempt(db: Queryable, account: string, ip: string | null): Promise<Attempt> {
  const [ofAddress, ofAccount] = [`address ${networkOf(ip)}`, `account ${account}`]
  const byAddress = await countFailure(db, ofAddress, PER_ADDRESS)
  if (!byAddress) throw await tooManyLogins(db, ofAddress)
  const byAccount = await countFailure(db, ofAccount, PER_ACCOUNT)
  if (!byAccount && byAddress.failures > FREE_UNDER_ATTACK) {
    await takeBack(db, ofAddress, 1)
    throw await tooManyLogins(db, ofAccount)
  }
  return {
    address: ofAddress,
    account: byAccount && ofAccount,
    failures: byAddress.failures,
    pauses: byAddress.pauses || Boolean(byAccount?.pauses),
  }
}

/** Returns null during a pause: then nothing is counted. */
async function countFailure(
  db: Queryable,
  key: string,
  { free, longest }: Limit,
): Promise<{ failures: number; pauses: boolean } | null> {
  const [row] = await db.$queryRaw<{ failures: number; pauses: boolean }[]>`
    INSERT INTO login_attempts AS attempt (key) VALUES (${key})
    ON CONFLICT (key) DO UPDATE SET
      failures = CASE WHEN attempt.last_failed_at < now() - make_interval(hours => ${FORGET_HOURS}::int)
        THEN 1 ELSE attempt.failures + 1 END,
      last_failed_at = now(),
      blocked_until = CASE
        WHEN attempt.failures + 1 >= ${free}::int
          AND attempt.last_failed_at >= now() - make_interval(hours => ${FORGET_HOURS}::int)
        THEN now() + make_interval(secs => least(
          ${longest}::float8,
          ${FIRST_PAUSE_SECONDS}::float8 * power(2::float8, least(attempt.failures + 1 - ${free}::int, 20))
        )) END
    WHERE attempt.blocked_until IS NULL OR attempt.blocked_until <= now()
    RETURNING failures, blocked_until IS NOT NULL AS pauses`
  return row ?? null
}

async function tooManyLogins(db: Queryable, key: string): Promise<AppError> {
  const row = await db.loginAttempt.findUnique({ where: { key } })
  const seconds = Math.max(1, Math.ceil(((row?.blockedUntil?.getTime() ?? 0) - Date.now()) / 1000))
  return new AppError(
    'errors:too_many_logins',
    { count: Math.ceil(seconds / 60) },
    { status: 429, retryAfter: seconds },
  )
}

/** After a login that succeeded: what its address did is forgotten, what others did at the account is not. */
export async function forgetFailures(db: Queryable, { address, account, failures }: Attempt): Promise<void> {
  await db.loginAttempt.deleteMany({ where: { key: address } })
  if (account) await takeBack(db, account, failures)
}

export async function releaseAttempt(db: Queryable, { address, account }: Attempt): Promise<void> {
  await takeBack(db, address, 1)
  if (account) await takeBack(db, account, 1)
}

async function takeBack(db: Queryable, key: string, failures: number): Promise<void> {
  await db.$executeRaw`
    UPDATE login_attempts SET failures = greatest(failures - ${failures}::int, 0), blocked_until = NULL
    WHERE key = ${key}`
}

export async function removeOldAttempts(db: Queryable): Promise<void> {
  const before = new Date(Date.now() - FORGET_HOURS * 3_600_000)
  await db.loginAttempt.deleteMany({ where: { lastFailedAt: { lt: before } } })
}

/** One IPv4 address, or the /64 of an IPv6 address: whoever has one of these has all of them. */
export function networkOf(ip: string | null): string {
  const plain = (ip ?? 'unknown').replace(/%.*$/, '').replace(/^::ffff:(?=\d+\.)/i, '')
  if (isIPv4(plain) || !plain.includes(':')) return plain
  const [head = '', tail = ''] = plain.toLowerCase().split('::')
  const groups = [head, tail].map(part => part.split(':').filter(Boolean))
  const zeros = Math.max(0, 8 - groups.flat().length)
  const all = [...(groups[0] ?? []), ...Array<string>(zeros).fill('0'), ...(groups[1] ?? [])]
  return `${all.slice(0, 4).join(':')}::/64`
}
