import { createHmac } from 'node:crypto'
import { deflateRawSync, inflateRawSync } from 'node:zlib'
import { parseCookie } from 'cookie'
import type { CookieOptions, Request, Response } from 'express'
import * as z from 'zod'
import type { Context } from '../context.ts'
import { sameSecret } from '../lib/same-secret.ts'
import { fieldsOf } from './page.ts'

export type PendingForm = z.output<typeof pendingForm>

const pendingForm = z.object({
  path: z.string(),
  fields: z.record(z.string(), z.string()),
  expires: z.number(),
})

const NAME = 'crat_pending'
const KEPT_MS = 15 * 60_000
// Browsers drop a cookie of more than 4 KB.
const LONGEST = 3_800
const SECRET_FIELD = /_csrf|pass|secret|token|code|credential/i

/** Keeps the refused form, without its secrets, in a signed cookie. */
export function keepPendingForm(ctx: Context, req: Request, res: Response): void {
  // A file cannot be sent again.
  if (!isFromOurPage(req) || req.is('multipart/form-data')) return
  const fields = Object.entries(fieldsOf(req.body)).filter(([name]) => !SECRET_FIELD.test(name))
  const form = { path: req.path, fields: Object.fromEntries(fields), expires: Date.now() + KEPT_MS }
  const text = deflateRawSync(JSON.stringify(form)).toString('base64url')
  const value = `${text}.${signatureOf(ctx, text)}`
  if (value.length <= LONGEST) res.cookie(NAME, value, { ...options(req), maxAge: KEPT_MS })
}

// Nobody else may put words into somebody's mouth.
function isFromOurPage(req: Request): boolean {
  const site = req.get('sec-fetch-site')
  if (site !== undefined) return site === 'same-origin'
  const from = req.get('origin') ?? req.get('referer') ?? ''
  return URL.canParse(from) && new URL(from).host === req.get('host')
}

export function hasPendingForm(ctx: Context, req: Request): boolean {
  return readPendingForm(ctx, req) !== null
}

export function takePendingForm(ctx: Context, req: Request, res: Response): PendingForm | null {
  const form = readPendingForm(ctx, req)
  res.clearCookie(NAME, options(req))
  return form
}

function readPendingForm(ctx: Context, req: Request): PendingForm | null {
  const [text = '', signature = ''] = (parseCookie(req.headers.cookie ?? '')[NAME] ?? '').split('.')
  if (!text || !sameSecret(signature, signatureOf(ctx, text))) return null
  const form = pendingForm.parse(JSON.parse(inflateRawSync(Buffer.from(text, 'base64url')).toString()))
  return form.expires > Date.now() ? form : null
}

function signatureOf(ctx: Context, text: string): string {
  return createHmac('sha256', ctx.sessions.jwtKey).update(`pending form:${text}`).digest('base64url')
}

function options(req: Request): CookieOptions {
  return { httpOnly: true, sameSite: 'lax', path: '/', secure: req.secure || Boolean(req.app.get('https')) }
}
