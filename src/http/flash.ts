import { parseCookie } from 'cookie'
import type { CookieOptions, Request, Response } from 'express'
import { type Params, toParams } from '../lib/i18n.ts'

export type FlashTone = 'done' | 'failed'
export interface FlashMessage {
  tone: FlashTone
  key: string
  params: Params
}
const COOKIE: CookieOptions = { maxAge: 60_000, sameSite: 'lax', path: '/', httpOnly: true }

export function flash(res: Response, tone: FlashTone, key: string, params: Params = {}): void {
  const message: FlashMessage = { tone, key, params }
  res.cookie('flash', Buffer.from(JSON.stringify(message)).toString('base64url'), COOKIE)
}

export function takeFlash(req: Request, res: Response): FlashMessage | null {
  const message = parseFlash(parseCookie(req.headers.cookie ?? '').flash)
  if (message) res.clearCookie('flash', { ...COOKIE, maxAge: undefined })
  return message
}

function parseFlash(cookie: string | undefined): FlashMessage | null {
  if (!cookie) return null
  try {
    const { tone, key, params } = JSON.parse(Buffer.from(cookie, 'base64url').toString())
    if (typeof key !== 'string' || (tone !== 'done' && tone !== 'failed')) return null
    return { tone, key, params: toParams(params) }
  } catch {
    // The cookie comes from the client and may be anything.
    return null
  }
}
