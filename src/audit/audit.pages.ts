import { fieldsOf, offsetOf, page } from '../http/page.ts'
import { listChanges } from './audit.ts'

const CHANGES_PER_PAGE = 30

/** GET /settings/audit: who changed what. */
export const showAudit = page(async (ctx, { req, res }) => {
  const offset = offsetOf(fieldsOf(req.query).offset)
  const changes = await listChanges(ctx.db, { limit: CHANGES_PER_PAGE, offset })
  ctx.view.render(res, 'pages/settings-audit', { changes })
})
