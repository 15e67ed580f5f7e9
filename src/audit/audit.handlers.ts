import * as z from 'zod'
import type { AuditEntryModel as AuditEntry } from '../generated/prisma/models.ts'
import { endpoint } from '../http/endpoint.ts'
import { pageQuery } from '../http/input.ts'
import { page, presentPage, time } from '../http/shapes.ts'
import { sendCsv } from './audit-csv.shape.ts'
import { auditFilter } from './audit-filter.shape.ts'
import { listChanges } from './list-changes.ts'

const changeShape = z
  .object({
    id: z.int(),
    at: time,
    actor: z.string(),
    action: z.string(),
    subject: z.string(),
    before: z.unknown().describe('null: nothing was recorded'),
    after: z.unknown(),
    ip: z.string().nullable(),
  })
  .meta({ id: 'Change' })

function presentChange({ id, createdAt, actor, action, subject, before, after, ip }: AuditEntry) {
  return { id, at: createdAt, actor, action, subject, before, after, ip }
}

export const list = endpoint({
  summary: 'List who changed what, newest first; with `Accept: text/csv` all that matches as CSV',
  query: pageQuery.extend(auditFilter.shape),
  answers: { 200: page(changeShape) },
  otherTypes: ['text/csv'],
  async handle(ctx, { query, req, res }) {
    res.vary('Accept')
    if (req.accepts(['json', 'csv']) === 'csv') return sendCsv(ctx.db, res, query)
    return presentPage(await listChanges(ctx, query), presentChange)
  },
})
