import { createHmac } from 'node:crypto'
import type { Request, RequestHandler, Response } from 'express'
import type { Context } from '../context.ts'
import { requireAccess, scopesFor, tokenScopesOf } from '../http/access.ts'
import { isByBrowser } from '../http/origin.ts'
import { clientKey, refuseTooMany } from '../http/rate-limit.ts'
import { AppError } from '../lib/errors.ts'
import { createRateLimit } from '../lib/rate-limit.ts'
import { sameSecret } from '../lib/same-secret.ts'

const MINUTE_MS = 60_000

/** Accepts an API token, the secret as bearer or X-Crat-Token, or a signature of the body; anyone without a secret. */
export function requireWebhookSecret({ config }: Context): RequestHandler {
  const secret = config.webhookToken
  const wrongTokens = createRateLimit({ limit: 20, windowMs: MINUTE_MS })
  return (req, res, next) => {
    refuseTooMany(res, wrongTokens.waitOf(clientKey(req)), 'errors:too_many_wrong_tokens')
    if (tokenScopesOf(res)) requireAccess(res, 'webhook', scopesFor('POST', 'webhook'))
    else if (secret ? !provesSecret(req, secret) : isInvalidToken(res)) {
      wrongTokens.count(clientKey(req))
      throw new AppError('errors:webhook_secret', {}, { status: 401 })
    } else if (!secret) refuseBrowserForms(req)
    next()
  }
}

function isInvalidToken(res: Response): boolean {
  return Boolean(res.locals.invalidToken)
}

function provesSecret(req: Request, secret: string): boolean {
  // Unlike a token, a secret may contain spaces.
  const bearer = /^Bearer\s+(.+)$/i.exec(req.headers.authorization ?? '')?.[1]
  const body = Buffer.isBuffer(req.body) ? req.body : ''
  const signature = `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`
  return (
    (bearer !== undefined && sameSecret(bearer, secret)) ||
    sameSecret(req.get('x-crat-token') ?? '', secret) ||
    sameSecret(req.get('x-hub-signature-256') ?? '', signature)
  )
}

// A form of another site can send JSON as text or as a field, but not with this type. `curl -d` may.
function refuseBrowserForms(req: Request): void {
  const type = req.headers['content-type'] ?? ''
  if (!isByBrowser(req) || /^application\/([\w.+-]+\+)?json\b/i.test(type)) return
  throw new AppError('errors:not_json_type', { type: type || '–' }, { status: 415 })
}

/** A burst of a Jenkins with many jobs stays below this by far. */
const WEBHOOKS_PER_MINUTE = 600_000

export function limitWebhooks(): RequestHandler {
  const webhooks = createRateLimit({ limit: WEBHOOKS_PER_MINUTE, windowMs: MINUTE_MS })
  return (req, res, next) => {
    const key = clientKey(req)
    refuseTooMany(res, webhooks.waitOf(key), 'errors:too_many_requests')
    webhooks.count(key)
    next()
  }
}
