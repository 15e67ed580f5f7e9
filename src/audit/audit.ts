import type { Queryable } from '../database/client.ts'
import { type Page, type PageOf, readPage } from '../database/paging.ts'
import type { Prisma } from '../generated/prisma/client.ts'
import type { AuditEntryModel as AuditEntry } from '../generated/prisma/models.ts'
import { masked } from '../lib/secrets.ts'

/** Each action needs a text in both languages, at `audit.action` of pages.json. */
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

export interface Change {
  actor: string
  action: AuditAction
  subject: string
  before?: Prisma.InputJsonValue
  after?: Prisma.InputJsonValue
}

/** Secrets are masked. */
export async function recordChange(tx: Queryable, change: Change): Promise<void> {
  await tx.auditEntry.create({ data: masked(change) })
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
