import { Secret, TOTP } from 'otpauth'
import type { Queryable } from '../database/client.ts'
import { sameSecret } from '../lib/same-secret.ts'
import type { Credentials } from './credentials.ts'
import type { SessionRules } from './session-rules.ts'

export async function isAdminPassword(
  db: Queryable,
  rules: SessionRules,
  { password, code }: Credentials,
): Promise<boolean> {
  if (!sameSecret(password ?? '', rules.adminPassword)) return false
  return !rules.adminTotpSecret || useCode(db, rules.adminTotpSecret, code ?? '')
}

async function useCode(db: Queryable, secret: string, code: string): Promise<boolean> {
  const delta = TOTP.validate({ token: code, secret: Secret.fromBase32(secret), window: 1 })
  if (delta === null) return false
  const step = BigInt(TOTP.counter() + delta)
  const { count } = await db.usedCode.createMany({ data: { step }, skipDuplicates: true })
  return count === 1
}
