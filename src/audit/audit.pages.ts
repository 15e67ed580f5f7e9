import type { PageOf } from '../database/paging.ts'
import type { AuditEntryModel as AuditEntry } from '../generated/prisma/models.ts'
import { fieldsOf, offsetOf, page } from '../http/page.ts'
import { template } from '../http/view.ts'
import { masked } from '../lib/secrets.ts'
import { listChanges } from './audit.ts'

const auditPage = template<{ changes: PageOf<AuditEntry> }>('pages/settings-audit')
const CHANGES_PER_PAGE = 30

export const showAudit = page(async (ctx, { req, res }) => {
  const offset = offsetOf(fieldsOf(req.query).offset)
  const changes = await listChanges(ctx.db, { limit: CHANGES_PER_PAGE, offset })
  ctx.view.render(res, auditPage, { changes: { ...changes, data: masked(changes.data) } })
})
