import express, { type Express } from 'express'
import type { Context } from './context.ts'
import { answerErrors } from './http/error-handler.ts'
import { notFoundApi } from './http/fallbacks.ts'
import { systemRoutes } from './system-routes.ts'

export function createApp(ctx: Context): Express {
  const app = express()
  app.use(systemRoutes(ctx))
  app.use(notFoundApi, answerErrors(ctx))
  return app
}
