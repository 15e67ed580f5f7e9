import type { Queryable } from '../database/client.ts'
import type { Prisma } from '../generated/prisma/client.ts'
import type { Actor } from '../lib/person.ts'
import { masked } from '../lib/secrets.ts'

/** Each action needs a text in both languages, at `audit.action` of pages.json. */
export const AUDIT_ACTIONS = [
  'add job',
  'cancel run',
  'change alert rule',
  'change channel',
  'change environment',
  'change parameter set',
  'change setting',
  'change test item',
  'check server',
  'clear history',
  'create alert rule',
  'create channel',
  'create environment',
  'create parameter set',
  'create test item',
  'create token',
  'delete alert rule',
  'delete build',
  'delete channel',
  'delete environment',
  'delete job',
  'delete job version',
  'delete parameter set',
  'delete test item',
  'delete token',
  'end session',
  'import data',
  'log in',
  'log in failed',
  'log in with password',
  'log out',
  'move run',
  'prune builds',
  'quarantine environment',
  'resend mail',
  'retry run',
  'select build',
  'send example',
  'set auto-sync',
  'store script bundle',
  'trigger run',
  'upload results',
] as const

export type AuditAction = (typeof AUDIT_ACTIONS)[number]

export interface Change {
  actor: Actor | string
  /** Where `actor` is a name alone. */
  ip?: string | null
  action: AuditAction
  subject: string
  before?: Prisma.InputJsonValue
  after?: Prisma.InputJsonValue
}

/** Secrets in `before` and `after` are masked. */
export async function recordChange(tx: Queryable, { actor, ...change }: Change): Promise<void> {
  const by = typeof actor === 'string' ? { actor } : { actor: actor.email, ip: actor.ip }
  const { before, after } = change
  await tx.auditEntry.create({ data: { ...change, ...by, before: masked(before), after: masked(after) } })
}

export function removeOldChanges(
  db: Queryable,
  { days, most }: { days: number; most: number },
): Promise<number> {
  return db.$executeRaw`
    DELETE FROM audit_log
    WHERE created_at < now() - ${days} * interval '1 day'
      OR id <= (SELECT id FROM audit_log ORDER BY id DESC OFFSET ${most} LIMIT 1)`
}
