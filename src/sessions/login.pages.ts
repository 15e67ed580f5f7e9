import type { Request, Response } from 'express'
import type { Context } from '../context.ts'
import { parseInput } from '../http/input.ts'
import { type Form, fieldsOf, type PageRequest, page, submitForm } from '../http/page.ts'
import { hasPendingForm } from '../http/pending-form.ts'
import { template } from '../http/view.ts'
import { localUrl } from '../lib/local-url.ts'
import { clientOf, sessionOf } from './authenticate.middleware.ts'
import { clearSessionCookie, setSessionCookie } from './cookie.middleware.ts'
import { credentials } from './credentials.ts'
import { logIn } from './log-in.ts'
import type { LiveSession } from './open-session.ts'
import type { LoginMode } from './session-rules.ts'
import { logOut } from './sessions.ts'

interface LoginPage extends Partial<Form> {
  mode: LoginMode
  withCode: boolean
  next?: string
  adminOpen?: boolean
  sentTo?: string
  token?: string
}
const loginPage = template<LoginPage>('pages/login')

export const showLogin = page(async (ctx, { req, res }) => {
  const { next, as } = fieldsOf(req.query)
  if (as === 'admin') return renderLogin(ctx, res, { next, adminOpen: true })
  if (sessionOf(res)) return res.redirect(303, afterLogin(ctx, req, next))
  renderLogin(ctx, res, { next })
})

export function renderLogin(
  ctx: Context,
  res: Response,
  locals: Omit<LoginPage, 'mode' | 'withCode'>,
  status?: number,
): void {
  const { loginMode: mode, adminTotpSecret } = ctx.sessions
  ctx.view.render(res, loginPage, { mode, withCode: adminTotpSecret !== null, ...locals }, status)
}

export const submitLogin = page(async (ctx, request) => {
  const { req, res } = request
  await submitForm(
    request,
    async () => {
      const live = await logIn(ctx, ctx, credentialsIn(req), clientOf(req))
      return enter(ctx, req, res, live, fieldsOf(req.body).next)
    },
    async (form, status) => showLoginAgain(ctx, request, form, status),
  )
})

export function credentialsIn(req: Request) {
  return parseInput(credentials, fieldsOf(req.body))
}

export function enter(
  ctx: Context,
  req: Request,
  res: Response,
  { token, session }: LiveSession,
  next: string | undefined,
): string {
  setSessionCookie(req, res, token, session)
  return afterLogin(ctx, req, next)
}

function afterLogin(ctx: Context, req: Request, next: string | undefined): string {
  const url = localUrl(next)
  return hasPendingForm(ctx, req) ? `/login/resume?next=${encodeURIComponent(url)}` : url
}

export function showLoginAgain(ctx: Context, { req, res }: PageRequest, form: Form, status: number): void {
  const typed = fieldsOf(req.body)
  const adminOpen = Boolean(typed.password) || typed.email?.trim().toLowerCase() === 'admin'
  renderLogin(ctx, res, { ...form, next: typed.next, adminOpen }, status)
}

export const logoutAction = page(async (ctx, { req, res }) => {
  const session = sessionOf(res)
  if (session) await logOut(ctx, session, clientOf(req))
  clearSessionCookie(req, res)
  res.redirect(303, '/login')
})
