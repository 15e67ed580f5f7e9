import type { Queryable } from '../database/client.ts'
import { type Page, type PageOf, readPage } from '../database/paging.ts'
import type { Prisma } from '../generated/prisma/client.ts'
import type { AuditEntryModel as AuditEntry } from '../generated/prisma/models.ts'

/** Each action needs a text in both languages, at `audit.action` of pages.json. */
export const AUDIT_ACTIONS = [
  'add job',
  'cancel run',
  'change environment',
  'change parameter set',
  'change setting',
  'change test item',
  'clear history',
  'create environment',
  'create parameter set',
  'create test item',
  'delete build',
  'delete environment',
  'delete job',
  'delete job version',
  'delete parameter set',
  'delete test item',
  'end session',
  'move run',
  'prune builds',
  'quarantine environment',
  'resend mail',
  'retry run',
  'select build',
  'set auto-sync',
  'trigger run',
] as const

export type AuditAction = (typeof AUDIT_ACTIONS)[number]

export interface Change {
  actor: string
  action: AuditAction
  subject: string
  before?: Prisma.InputJsonValue
  after?: Prisma.InputJsonValue
}

export async function recordChange(tx: Queryable, change: Change): Promise<void> {
  await tx.auditEntry.create({ data: change })
}

export async function listChanges(db: Queryable, page: Page): Promise<PageOf<AuditEntry>> {
  return readPage(page, {
    find: window => db.auditEntry.findMany({ orderBy: { id: 'desc' }, ...window }),
    count: most => db.auditEntry.count(most),
  })
}

/** Deletes entries older than `days` and beyond the newest `most`. Returns how many. */
export function removeOldChanges(
  db: Queryable,
  { days, most }: { days: number; most: number },
): Promise<number> {
  return db.$executeRaw`
    DELETE FROM audit_log
    WHERE created_at < now() - ${days} * interval '1 day'
      OR id <= (SELECT id FROM audit_log ORDER BY id DESC OFFSET ${most} LIMIT 1)`
}
