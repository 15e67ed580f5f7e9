import type { PageOf } from '../database/paging.ts'
import type { SessionModel as Session } from '../generated/prisma/models.ts'
import { flash } from '../http/flash.ts'
import { fieldsOf, formAction, idOf, offsetOf, page } from '../http/page.ts'
import { template } from '../http/view.ts'
import { sessionOf } from './authenticate.middleware.ts'
import { endSession, listSessionPage } from './sessions.ts'

const sessionsPage = template<{ sessions: PageOf<Session>; ownSessionId: number | null }>(
  'pages/settings-sessions',
)
const SESSIONS_PER_PAGE = 30

export const showSessions = page(async (ctx, { req, res, person }) => {
  const own = sessionOf(res) ?? null
  const shown = { limit: SESSIONS_PER_PAGE, offset: offsetOf(fieldsOf(req.query).offset) }
  const sessions = await listSessionPage(ctx.db, shown, person, own)
  ctx.view.render(res, sessionsPage, { sessions, ownSessionId: own?.id ?? null })
})

export const endSessionAction = page(async (ctx, { req, res, person }) => {
  await formAction(res, '/settings/sessions', async () => {
    const { email } = await endSession(ctx, idOf(req), person)
    flash(res, 'done', 'pages:flash.session_ended', { email })
    return undefined
  })
})
