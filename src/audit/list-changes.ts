import type { Queryable } from '../database/client.ts'
import { type ListReader, type Page, type PageOf, readPage } from '../database/paging.ts'
import type { Prisma } from '../generated/prisma/client.ts'
import type { AuditEntryModel as AuditEntry } from '../generated/prisma/models.ts'
import { notFound } from '../lib/errors.ts'

export async function getChange(db: Queryable, id: number): Promise<AuditEntry> {
  const change = await db.auditEntry.findUnique({ where: { id } })
  if (!change) throw notFound('errors:change_not_found', { id })
  return change
}

export interface AuditFilter {
  actor?: string
  action?: string
  subject?: string
  since?: Date
  until?: Date
}

export async function listChanges(
  { db, longLists }: ListReader,
  { limit, offset, ...filter }: AuditFilter & Page,
): Promise<PageOf<AuditEntry>> {
  const where = whereOf(filter)
  return readPage(
    { limit, offset },
    {
      find: window => db.auditEntry.findMany({ where, orderBy: { id: 'desc' }, ...window }),
      count: most => db.auditEntry.count({ where, ...most }),
      long: longLists.of(`audit ${JSON.stringify(filter)}`),
    },
  )
}

const BATCH = 1_000

export async function* eachChange(db: Queryable, filter: AuditFilter): AsyncGenerator<AuditEntry[]> {
  let before: number | undefined
  for (;;) {
    const where = { ...whereOf(filter), ...(before && { id: { lt: before } }) }
    const batch = await db.auditEntry.findMany({ where, orderBy: { id: 'desc' }, take: BATCH })
    if (batch.length) yield batch
    if (batch.length < BATCH) return
    before = batch.at(-1)?.id
  }
}

function whereOf({ actor, action, subject, since, until }: AuditFilter): Prisma.AuditEntryWhereInput {
  return {
    actor: actor && { equals: actor, mode: 'insensitive' },
    action,
    subject: subject && { contains: subject, mode: 'insensitive' },
    createdAt: (since || until) && { gte: since, lte: until },
  }
}
