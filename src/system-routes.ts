import express, { type RequestHandler } from 'express'
import type { Context } from './context.ts'
import * as system from './system/system.handlers.ts'

export function systemRoutes(ctx: Context): RequestHandler {
  const router = express.Router()
  router.get('/health', system.health)
  router.get('/ready', system.ready(ctx))
  router.get('/metrics', system.metrics(ctx))
  return router
}
