import type { Request } from 'express'
import type { Context } from '../context.ts'
import { clearSessionCookie, clientOf, sessionOf, setSessionCookie } from '../http/auth.ts'
import { parseInput } from '../http/input.ts'
import { type Form, fieldsOf, localUrl, page, submitForm, type Visit } from '../http/page.ts'
import { renderLoginLinkMail } from '../notifications/mail/notices.ts'
import { getSettings } from '../settings/settings.ts'
import { checkCredentials, createLoginLink, credentials, logIn, logInByLink, logOut } from './sessions.ts'

export const showLogin = page('public', async (ctx, { req, res }) => {
  if (sessionOf(res)) return res.redirect(303, localUrl(fieldsOf(req.query).next))
  renderLogin(ctx, res, { next: fieldsOf(req.query).next })
})

function renderLogin(ctx: Context, res: Visit['res'], locals: object, status?: number): void {
  ctx.view.render(res, 'pages/login', { linkMode: ctx.config.loginMode === 'link', ...locals }, status)
}

export const submitLogin = page('public', async (ctx, visit) => {
  const { req, res } = visit
  const typed = fieldsOf(req.body)
  if (ctx.config.loginMode === 'link' && !typed.password) return mailLoginLink(ctx, visit)
  await submitForm(
    visit,
    async () => {
      const { token, session } = await logIn(ctx, ctx.sessions, credentialsIn(req), clientOf(req))
      setSessionCookie(req, res, token, session)
      return localUrl(typed.next)
    },
    async (form, status) => showLoginAgain(ctx, visit, form, status),
  )
})

function credentialsIn(req: Request) {
  return parseInput(credentials, fieldsOf(req.body))
}

function showLoginAgain(ctx: Context, { req, res }: Visit, form: Form, status: number): void {
  const typed = fieldsOf(req.body)
  const adminOpen = Boolean(typed.password) || typed.email?.trim().toLowerCase() === 'admin'
  renderLogin(ctx, res, { ...form, next: typed.next, adminOpen }, status)
}

/** LOGIN_MODE=link: the address proves itself by reading its mail. The link goes out at once, not into the outbox, where others could read it. */
async function mailLoginLink(ctx: Context, visit: Visit): Promise<void> {
  const { req, res, person } = visit
  try {
    const { email } = credentialsIn(req)
    checkCredentials(ctx.sessions, { email })
    const { token, minutes } = await createLoginLink(ctx, email)
    const { project_name: project } = await getSettings(ctx.db)
    const url = `${ctx.config.publicUrl}/login/link?token=${token}`
    const mail = renderLoginLinkMail(person.locale, { url, minutes, project })
    await ctx.mailer.send({ to: email, ...mail })
    renderLogin(ctx, res, { sentTo: email })
  } catch (error) {
    await submitForm(
      visit,
      () => Promise.reject(error),
      async (form, status) => showLoginAgain(ctx, visit, form, status),
    )
  }
}

/** What the mailed link opens. A button logs in, so that a scanner that opens links does not use it up. */
export const showLoginLink = page('public', async (ctx, { req, res }) => {
  renderLogin(ctx, res, { token: fieldsOf(req.query).token ?? '' })
})

export const submitLoginLink = page('public', async (ctx, visit) => {
  const { req, res } = visit
  await submitForm(
    visit,
    async () => {
      const { token = '' } = fieldsOf(req.body)
      const live = await logInByLink(ctx, ctx.sessions, token, clientOf(req))
      setSessionCookie(req, res, live.token, live.session)
      return '/tests'
    },
    async (form, status) => renderLogin(ctx, res, form, status),
  )
})

export const pressLogout = page('public', async (ctx, { req, res }) => {
  const session = sessionOf(res)
  if (session) await logOut(ctx, session)
  clearSessionCookie(req, res)
  res.redirect(303, '/login')
})
