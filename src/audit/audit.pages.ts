import { type PageOf, slicePage } from '../database/paging.ts'
import type { AuditEntryModel as AuditEntry } from '../generated/prisma/models.ts'
import { parseInput } from '../http/input.ts'
import { fieldsOf, offsetOf, page } from '../http/page.ts'
import { template } from '../http/view.ts'
import { detailsOf, sentenceOf } from '../lib/validation.ts'
import { AUDIT_ACTIONS } from './audit.ts'
import { sendCsv } from './audit-csv.shape.ts'
import { auditFilter } from './audit-filter.shape.ts'
import { listChanges } from './list-changes.ts'

interface AuditPage {
  changes: PageOf<AuditEntry>
  actions: readonly string[]
  filter: Record<string, string | undefined>
  errors: Record<string, string>
}
const auditPage = template<AuditPage>('pages/settings-audit')
const CHANGES_PER_PAGE = 30

export const showAudit = page(async (ctx, { req, res, person }) => {
  const { offset, ...typed } = fieldsOf(req.query)
  const parsed = auditFilter.safeParse(typed)
  const wrong = parsed.success ? [] : detailsOf(parsed.error, typed)
  const shown = { limit: CHANGES_PER_PAGE, offset: offsetOf(offset) }
  const changes = parsed.success
    ? await listChanges(ctx.db, { ...parsed.data, ...shown })
    : slicePage([], shown)
  const filter = Object.fromEntries(Object.keys(auditFilter.shape).map(name => [name, typed[name]]))
  const errors = Object.fromEntries(wrong.map(one => [one.path, sentenceOf(person.locale, one)]))
  ctx.view.render(
    res,
    auditPage,
    { changes: changes, actions: AUDIT_ACTIONS, filter, errors },
    wrong.length ? 400 : 200,
  )
})

export const downloadAudit = page(async (ctx, { req, res }) => {
  await sendCsv(ctx.db, res, parseInput(auditFilter, fieldsOf(req.query)))
})
