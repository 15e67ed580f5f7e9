import type { Queryable } from '../database/client.ts'
import type { Page, PageOf } from '../database/store.ts'
import type { Prisma } from '../generated/prisma/client.ts'
import type { AuditEntryModel as AuditEntry } from '../generated/prisma/models.ts'

/** Each has its words in both languages, as `audit.action` of the pages. */
export const AUDIT_ACTIONS = [
  'add job',
  'cancel run',
  'change parameter set',
  'change setting',
  'change test item',
  'clear history',
  'create parameter set',
  'create test item',
  'delete build',
  'delete job',
  'delete job version',
  'delete parameter set',
  'delete test item',
  'end session',
  'prune builds',
  'resend mail',
  'retry run',
  'select build',
  'set auto-sync',
  'trigger run',
] as const

export type AuditAction = (typeof AUDIT_ACTIONS)[number]

/** One change that a person made, written in the transaction that makes it. */
export interface Change {
  actor: string
  action: AuditAction
  /** What it was done to, as a person would name it. */
  subject: string
  before?: Prisma.InputJsonValue
  after?: Prisma.InputJsonValue
}

export async function recordChange(tx: Queryable, change: Change): Promise<void> {
  await tx.auditEntry.create({ data: change })
}

export async function listChanges(db: Queryable, page: Page): Promise<PageOf<AuditEntry>> {
  const [data, total] = await Promise.all([
    db.auditEntry.findMany({ orderBy: { id: 'desc' }, take: page.limit, skip: page.offset }),
    db.auditEntry.count(),
  ])
  return { data, total, ...page }
}

/** Removes entries older than `days`, and beyond the newest `most`. Says how many. */
export function removeOldChanges(
  db: Queryable,
  { days, most }: { days: number; most: number },
): Promise<number> {
  return db.$executeRaw`
    DELETE FROM audit_log
    WHERE created_at < now() - ${days} * interval '1 day'
      OR id <= (SELECT id FROM audit_log ORDER BY id DESC OFFSET ${most} LIMIT 1)`
}
