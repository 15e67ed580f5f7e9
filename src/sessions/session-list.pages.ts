import { formAction, idOf, page } from '../http/page.ts'
import { flash } from '../http/view.ts'
import { sessionOf } from './authenticate.middleware.ts'
import { endSession, listSessions } from './sessions.ts'

/** GET /settings/sessions: who is logged in. */
export const showSessions = page(async (ctx, { res }) => {
  const sessions = await listSessions(ctx.db)
  ctx.view.render(res, 'pages/settings-sessions', { sessions, ownSessionId: sessionOf(res)?.id })
})

export const endSessionAction = page(async (ctx, { req, res, person }) => {
  await formAction(res, '/settings/sessions', async () => {
    const { email } = await endSession(ctx, idOf(req), person.email)
    flash(res, 'done', 'pages:flash.session_ended', { email })
    return undefined
  })
})
