import type { SessionModel as Session } from '../generated/prisma/models.ts'
import { flash } from '../http/flash.ts'
import { formAction, idOf, page } from '../http/page.ts'
import { template } from '../http/view.ts'
import { sessionOf } from './authenticate.middleware.ts'
import { endSession, listSessions } from './sessions.ts'

const sessionsPage = template<{ sessions: Session[]; ownSessionId: number | null }>('pages/settings-sessions')

export const showSessions = page(async (ctx, { res }) => {
  const sessions = await listSessions(ctx.db)
  ctx.view.render(res, sessionsPage, { sessions, ownSessionId: sessionOf(res)?.id ?? null })
})

export const endSessionAction = page(async (ctx, { req, res, person }) => {
  await formAction(res, '/settings/sessions', async () => {
    const { email } = await endSession(ctx, idOf(req), person)
    flash(res, 'done', 'pages:flash.session_ended', { email })
    return undefined
  })
})
