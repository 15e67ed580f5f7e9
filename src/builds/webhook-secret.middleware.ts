import { createHmac } from 'node:crypto'
import type { RequestHandler } from 'express'
import type { Context } from '../context.ts'
import { AppError } from '../lib/errors.ts'
import { sameSecret } from '../lib/same-secret.ts'

/** Accepts the secret as bearer token, as X-Crat-Token, or as HMAC signature of the body. */
export function requireWebhookSecret({ config }: Context): RequestHandler {
  const secret = config.webhookToken
  if (!secret) return (_req, _res, next) => next()
  return (req, _res, next) => {
    const bearer = /^Bearer\s+(.+)$/i.exec(req.headers.authorization ?? '')?.[1]
    const body = Buffer.isBuffer(req.body) ? req.body : ''
    const signature = `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`
    const proven =
      (bearer !== undefined && sameSecret(bearer, secret)) ||
      sameSecret(req.get('x-crat-token') ?? '', secret) ||
      sameSecret(req.get('x-hub-signature-256') ?? '', signature)
    if (!proven) throw new AppError('errors:webhook_secret', {}, { status: 401 })
    next()
  }
}
