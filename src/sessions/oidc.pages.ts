import type { Request, Response } from 'express'
import * as z from 'zod'
import type { Context } from '../context.ts'
import { fieldsOf, type PageRequest, page, submitForm } from '../http/page.ts'
import { AppError, notFound } from '../lib/errors.ts'
import { localUrl } from '../lib/local-url.ts'
import { clientOf } from './authenticate.middleware.ts'
import { clearLoginCookie, loginCookie, setLoginCookie } from './cookie.middleware.ts'
import { limitLogins } from './limit-logins.ts'
import { auditRefusal, logInProven } from './log-in.ts'
import { enter, renderLogin } from './login.pages.ts'

const pendingLogin = z.object({
  state: z.string(),
  nonce: z.string(),
  verifier: z.string(),
  next: z.string(),
})

export const startOidcLogin = page(async (ctx, request) => {
  const { req, res } = request
  await orLoginPage(ctx, request, async () => {
    const { url, checks } = await providerOf(ctx, req).begin()
    const pending = { ...checks, next: localUrl(fieldsOf(req.query).next) }
    setLoginCookie(req, res, Buffer.from(JSON.stringify(pending)).toString('base64url'))
    return url
  })
})

export const finishOidcLogin = page(async (ctx, request) => {
  const { req, res } = request
  await orLoginPage(ctx, request, async () => {
    limitLogins(ctx.sessions, clientOf(req))
    const pending = pendingLoginIn(req, res)
    const query = new URL(req.originalUrl, 'http://localhost').search
    const provider = providerOf(ctx, req)
    const identity = await auditRefusal(ctx, { name: '–', method: 'oidc' }, clientOf(req), () =>
      provider.finish(query, pending),
    )
    const live = await logInProven(ctx, ctx.sessions, 'oidc', identity, clientOf(req))
    return enter(ctx, req, res, live, pending.next)
  })
})

function providerOf(ctx: Context, req: Request) {
  if (!ctx.identityProvider) throw notFound('errors:no_such_page', { url: req.originalUrl })
  return ctx.identityProvider
}

function pendingLoginIn(req: Request, res: Response): z.output<typeof pendingLogin> {
  const cookie = loginCookie(req)
  clearLoginCookie(req, res)
  const pending = pendingLogin.safeParse(parseCookieJson(cookie))
  if (!pending.success) throw new AppError('errors:login_not_begun', {}, { status: 401 })
  return pending.data
}

function parseCookieJson(cookie: string | undefined): unknown {
  try {
    return JSON.parse(Buffer.from(cookie ?? '', 'base64url').toString())
  } catch {
    // The cookie comes from the client and may be anything.
    return null
  }
}

async function orLoginPage(ctx: Context, request: PageRequest, act: () => Promise<string>): Promise<void> {
  await submitForm(request, act, async (form, status) => renderLogin(ctx, request.res, form, status))
}
