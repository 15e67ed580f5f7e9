import * as z from 'zod'
import { endpoint } from '../http/endpoint.ts'
import { message, time } from '../http/shapes.ts'
import { clientOf, requireSession } from './authenticate.middleware.ts'
import { clearSessionCookie, setSessionCookie } from './cookie.middleware.ts'
import { credentials } from './credentials.ts'
import { logIn as openByCredentials } from './log-in.ts'
import * as sessions from './sessions.ts'

const whoShape = z.object({ email: z.string(), is_admin: z.boolean() })
const tokenShape = z.object({ token: z.string(), expires_at: time })

export const logIn = endpoint({
  summary:
    'Log in as the login mode says: by an address alone or by a password; the admin password makes an admin',
  body: credentials,
  answers: { 200: tokenShape.extend(whoShape.shape) },
  async handle(ctx, { body, req }) {
    const { token, session } = await openByCredentials(ctx, ctx, body, clientOf(req))
    return { token, email: session.email, is_admin: session.isAdmin, expires_at: session.expiresAt }
  },
})

export const logOut = endpoint({
  summary: 'Log out; the token is invalid at once',
  answers: { 200: message },
  async handle(ctx, { req, res }) {
    const session = requireSession(res)
    await sessions.logOut(ctx, session, clientOf(req))
    clearSessionCookie(req, res)
    return { message: 'Logged out' }
  },
})

export const me = endpoint({
  summary: 'Get the user of the session',
  answers: { 200: whoShape },
  handle: async (_ctx, { person }) => ({ email: person.email, is_admin: person.isAdmin }),
})

export const refresh = endpoint({
  summary: 'Get a new token; the old one is invalid at once',
  answers: { 200: tokenShape },
  async handle(ctx, { req, res }) {
    const session = requireSession(res)
    const renewed = await sessions.refreshSession(ctx, ctx.sessions, session)
    if (res.locals.byCookie) setSessionCookie(req, res, renewed.token, renewed.session)
    return { token: renewed.token, expires_at: renewed.session.expiresAt }
  },
})
