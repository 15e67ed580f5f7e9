import { randomBytes } from 'node:crypto'
import type { Context } from '../context.ts'
import { fieldsOf, type Page, type PageRequest, page, submitForm } from '../http/page.ts'
import { localUrl } from '../lib/local-url.ts'
import { renderLoginLinkMail } from '../notifications/mail/notices.ts'
import { clientOf } from './authenticate.middleware.ts'
import { clearLoginCookie, loginCookie, setLoginCookie } from './cookie.middleware.ts'
import { checkUserAddress } from './credentials.ts'
import { credentialsIn, enter, renderLogin, showLoginAgain, submitLogin } from './login.pages.ts'
import { createLoginLink, logInByLink } from './login-links.ts'

export const submitLoginForm: Page = ctx => {
  const [byLink, byCredentials] = [requestLink(ctx), submitLogin(ctx)]
  return (req, res, next) => {
    const mailed = ctx.sessions.loginMode === 'link' && !fieldsOf(req.body).password
    return (mailed ? byLink : byCredentials)(req, res, next)
  }
}

const requestLink = page(async (ctx, request) => {
  try {
    const email = await mailLoginLink(ctx, request)
    renderLogin(ctx, request.res, { sentTo: email })
  } catch (error) {
    await submitForm(
      request,
      () => Promise.reject(error),
      async (form, status) => showLoginAgain(ctx, request, form, status),
    )
  }
})

// Sent directly and not through the outbox, where admins could read the link.
async function mailLoginLink(ctx: Context, { req, res, person }: PageRequest): Promise<string> {
  const { email } = credentialsIn(req)
  checkUserAddress(ctx.sessions, email)
  const browser = loginCookie(req) ?? randomBytes(32).toString('base64url')
  const next = localUrl(fieldsOf(req.body).next)
  const { token, minutes } = await createLoginLink(ctx, { email, browser, next, client: clientOf(req) })
  setLoginCookie(req, res, browser)
  const { project_name: project } = await ctx.settings.get()
  const url = `${ctx.config.publicUrl}/login/link?token=${token}`
  await ctx.mailer.send({ to: email, ...renderLoginLinkMail(person.locale, { url, minutes, project }) })
  return email
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
      const given = { token: fieldsOf(req.body).token ?? '', browser: loginCookie(req) ?? '' }
      const live = await logInByLink(ctx, ctx.sessions, given, clientOf(req))
      clearLoginCookie(req, res)
      return enter(ctx, req, res, live, live.next)
    },
    async (form, status) => renderLogin(ctx, res, form, status),
  )
})
