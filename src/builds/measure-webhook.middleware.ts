import type { RequestHandler } from 'express'
import type { Context } from '../context.ts'

export function measureWebhook(ctx: Context): RequestHandler {
  return (_req, res, next) => {
    const end = ctx.metrics.webhooks.startTimer()
    res.on('finish', () => end({ status: res.statusCode }))
    next()
  }
}
