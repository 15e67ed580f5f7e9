import type { RequestHandler } from 'express'
import { AppError, notFound } from '../lib/errors.ts'

export const notFoundApi: RequestHandler = req => {
  throw notFound('errors:no_such_url', { url: req.originalUrl })
}

export const notFoundPage: RequestHandler = req => {
  throw notFound('errors:no_such_page', { url: req.originalUrl })
}

export function methodNotAllowed(methods: string[]): RequestHandler {
  const allowed = methods.flatMap(method => (method === 'GET' ? ['GET', 'HEAD'] : [method])).join(', ')
  return (req, res) => {
    res.set('Allow', allowed)
    throw new AppError('errors:method_not_allowed', { method: req.method, allowed }, { status: 405 })
  }
}
