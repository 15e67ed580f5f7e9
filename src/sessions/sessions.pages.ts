import type { Request } from 'express'
import type { Context } from '../context.ts'
import { parseInput } from '../http/input.ts'
import { type Form, fieldsOf, localUrl, type PageRequest, page, submitForm } from '../http/page.ts'
import { template } from '../http/view.ts'
import { renderLoginLinkMail } from '../notifications/mail/notices.ts'
import { clientOf, sessionOf } from './authenticate.middleware.ts'
import { clearSessionCookie, setSessionCookie } from './cookie.middleware.ts'
import { checkCredentials, credentials } from './credentials.ts'
import { createLoginLink, logInByLink } from './login-links.ts'
import { logIn, logOut } from './sessions.ts'

interface LoginPage extends Partial<Form> {
  linkMode: boolean
  next?: string
  adminOpen?: boolean
  sentTo?: string
  token?: string
}
const loginPage = template<LoginPage>('pages/login')

export const showLogin = page(async (ctx, { req, res }) => {
  if (sessionOf(res)) return res.redirect(303, localUrl(fieldsOf(req.query).next))
  renderLogin(ctx, res, { next: fieldsOf(req.query).next })
})

function renderLogin(
  ctx: Context,
  res: PageRequest['res'],
  locals: Omit<LoginPage, 'linkMode'>,
  status?: number,
): void {
  ctx.view.render(res, loginPage, { linkMode: ctx.config.loginMode === 'link', ...locals }, status)
}

export const submitLogin = page(async (ctx, request) => {
  const { req, res } = request
  const typed = fieldsOf(req.body)
  if (ctx.config.loginMode === 'link' && !typed.password) return mailLoginLink(ctx, request)
  await submitForm(
    request,
    async () => {
      const { token, session } = await logIn(ctx, ctx.sessions, credentialsIn(req), clientOf(req))
      setSessionCookie(req, res, token, session)
      return localUrl(typed.next)
    },
    async (form, status) => showLoginAgain(ctx, request, form, status),
  )
})

function credentialsIn(req: Request) {
  return parseInput(credentials, fieldsOf(req.body))
}

function showLoginAgain(ctx: Context, { req, res }: PageRequest, form: Form, status: number): void {
  const typed = fieldsOf(req.body)
  const adminOpen = Boolean(typed.password) || typed.email?.trim().toLowerCase() === 'admin'
  renderLogin(ctx, res, { ...form, next: typed.next, adminOpen }, status)
}

// Sent directly and not through the outbox, where admins could read the link.
async function mailLoginLink(ctx: Context, request: PageRequest): Promise<void> {
  const { req, res, person } = request
  try {
    const { email } = credentialsIn(req)
    checkCredentials(ctx.sessions, { email })
    const { token, minutes } = await createLoginLink(ctx, email)
    const { project_name: project } = await ctx.settings.get()
    const url = `${ctx.config.publicUrl}/login/link?token=${token}`
    const mail = renderLoginLinkMail(person.locale, { url, minutes, project })
    await ctx.mailer.send({ to: email, ...mail })
    renderLogin(ctx, res, { sentTo: email })
  } catch (error) {
    await submitForm(
      request,
      () => Promise.reject(error),
      async (form, status) => showLoginAgain(ctx, request, form, status),
    )
  }
}

// Logging in takes a click, so that mail scanners that open links do not use them up.
export const showLoginLink = page(async (ctx, { req, res }) => {
  renderLogin(ctx, res, { token: fieldsOf(req.query).token ?? '' })
})

export const submitLoginLink = page(async (ctx, request) => {
  const { req, res } = request
  await submitForm(
    request,
    async () => {
      const { token = '' } = fieldsOf(req.body)
      const live = await logInByLink(ctx, ctx.sessions, token, clientOf(req))
      setSessionCookie(req, res, live.token, live.session)
      return '/tests'
    },
    async (form, status) => renderLogin(ctx, res, form, status),
  )
})

export const logoutAction = page(async (ctx, { req, res }) => {
  const session = sessionOf(res)
  if (session) await logOut(ctx, session)
  clearSessionCookie(req, res)
  res.redirect(303, '/login')
})
