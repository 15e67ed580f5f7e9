import { type PageOf, slicePage } from '../database/paging.ts'
import type { AuditEntryModel as AuditEntry } from '../generated/prisma/models.ts'
import { parseInput } from '../http/input.ts'
import { fieldsOf, idOf, offsetOf, page } from '../http/page.ts'
import { template } from '../http/view.ts'
import { createBudget, type Shortened } from '../lib/shorten.ts'
import { detailsOf, sentenceOf } from '../lib/validation.ts'
import { AUDIT_ACTIONS } from './audit.ts'
import { sendCsv } from './audit-csv.shape.ts'
import { auditFilter } from './audit-filter.shape.ts'
import { getChange, listChanges } from './list-changes.ts'

interface ShownChange extends Omit<AuditEntry, 'before' | 'after'> {
  before: Shortened | null
  after: Shortened | null
}
interface AuditPage {
  changes: PageOf<ShownChange>
  actions: readonly string[]
  filter: Record<string, string | undefined>
  errors: Record<string, string>
}
const auditPage = template<AuditPage>('pages/settings-audit')
const CHANGES_PER_PAGE = 30
const CHARACTERS = { all: 36_000, each: 1000 }

export const showAudit = page(async (ctx, { req, res, person }) => {
  const { offset, ...typed } = fieldsOf(req.query)
  const parsed = auditFilter.safeParse(typed)
  const wrong = parsed.success ? [] : detailsOf(parsed.error, typed)
  const shown = { limit: CHANGES_PER_PAGE, offset: offsetOf(offset) }
  const changes = parsed.success ? await listChanges(ctx, { ...parsed.data, ...shown }) : slicePage([], shown)
  const filter = Object.fromEntries(Object.keys(auditFilter.shape).map(name => [name, typed[name]]))
  const errors = Object.fromEntries(wrong.map(one => [one.path, sentenceOf(person.locale, one)]))
  ctx.view.render(
    res,
    auditPage,
    { changes: { ...changes, data: shorten(changes.data) }, actions: AUDIT_ACTIONS, filter, errors },
    wrong.length ? 400 : 200,
  )
})

function shorten(changes: AuditEntry[]): ShownChange[] {
  const cut = createBudget(CHARACTERS)
  const shown = (value: unknown) => (value === null ? null : cut(JSON.stringify(value)))
  return changes.map(({ before, after, ...change }) => ({
    ...change,
    before: shown(before),
    after: shown(after),
  }))
}

/** What was changed, whole. */
export const showChange = page(async (ctx, { req, res }) => {
  const { before, after } = await getChange(ctx.db, idOf(req))
  res.type('text/plain').send(`${JSON.stringify({ before, after }, null, 2)}\n`)
})

export const downloadAudit = page(async (ctx, { req, res }) => {
  await sendCsv(ctx.db, res, parseInput(auditFilter, fieldsOf(req.query)))
})
