import { createHmac } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import { deflateRawSync, inflateRawSync } from 'node:zlib'
import { parseCookie } from 'cookie'
import type { CookieOptions, Request, Response } from 'express'
import * as z from 'zod'
import type { Context } from '../context.ts'
import { isTooDeep } from '../lib/nesting.ts'
import { sameSecret } from '../lib/same-secret.ts'
import { MASK, masked } from '../lib/secrets.ts'
import { fieldsOf } from './page.ts'

export type PendingForm = z.output<typeof pendingForm>

const pendingForm = z.object({
  path: z.string(),
  fields: z.record(z.string(), z.string()),
  /** The names of the secrets that were typed, which are not kept. */
  leftOut: z.array(z.string()).default([]),
  expires: z.number(),
})

/** Browsers drop a cookie of more than 4 KB. */
const NAMES = ['crat_pending', 'crat_pending_2']
const LONGEST_PART = 3_400
const KEPT_MS = 15 * 60_000
const SECRET_FIELD = /_csrf|^url$|pass|secret(?!_parameters$)|token|code|credential/i

/** Keeps the refused form, without its secrets, in signed cookies. Reports whether it could. */
export function keepPendingForm(ctx: Context, req: Request, res: Response): boolean {
  // A file cannot be sent again.
  if (!isFromOurPage(req) || req.is('multipart/form-data')) return false
  const typed = fieldsOf(req.body)
  // Parameters without their secrets would be other parameters.
  if (hasSecretParameters(typed)) return false
  const form = { path: req.path, ...withoutSecrets(typed), expires: Date.now() + KEPT_MS }
  const text = deflateRawSync(JSON.stringify(form)).toString('base64url')
  const value = `${text}.${signatureOf(ctx, text)}`
  if (value.length > LONGEST_PART * NAMES.length) return false
  NAMES.forEach((name, nth) => {
    const part = value.slice(nth * LONGEST_PART, (nth + 1) * LONGEST_PART)
    if (part) res.cookie(name, part, { ...options(req), maxAge: KEPT_MS })
    else if (hasCookie(req, name)) res.clearCookie(name, options(req))
  })
  return true
}

type Fields = Record<string, string | undefined>

function hasSecretParameters({ extra = '', secret_parameters: names = '', ...fields }: Fields): boolean {
  const others = parseObject(extra)
  if (!others) return true
  const values: Record<string, unknown> = { ...others }
  for (const [name, value] of Object.entries(fields)) if (/^p_/.test(name)) values[name.slice(2)] = value
  const marked = names.split(',').map(name => values[name.trim()] ?? '')
  return marked.some(value => value !== '' && value !== MASK) || !isDeepStrictEqual(masked(values), values)
}

function parseObject(json: string): object | null {
  if (!json.trim()) return {}
  try {
    const value = Object(JSON.parse(json))
    return isTooDeep(value) ? null : value
  } catch {
    return null
  }
}

function withoutSecrets(typed: Fields) {
  const isSecret = (name: string) => {
    const value = typed[name] ?? ''
    return (SECRET_FIELD.test(name) && !value.includes(MASK)) || masked(value) !== value
  }
  const [secret, kept] = [
    Object.keys(typed).filter(isSecret),
    Object.keys(typed).filter(name => !isSecret(name)),
  ]
  return {
    fields: Object.fromEntries(kept.map(name => [name, typed[name] ?? ''])),
    leftOut: secret.filter(name => typed[name] && name !== '_csrf'),
  }
}

function hasCookie(req: Request, name: string): boolean {
  return name in parseCookie(req.headers.cookie ?? '')
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
  for (const name of NAMES) if (hasCookie(req, name)) res.clearCookie(name, options(req))
  return form
}

function readPendingForm(ctx: Context, req: Request): PendingForm | null {
  const cookies = parseCookie(req.headers.cookie ?? '')
  const [text = '', signature = ''] = NAMES.map(name => cookies[name] ?? '')
    .join('')
    .split('.')
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
