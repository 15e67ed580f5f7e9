import compression, { type CompressionFilter } from 'compression'
import express, { type Express } from 'express'
import helmet from 'helmet'
import type { Context } from './context.ts'
import { refuseForgery } from './http/csrf.ts'
import { answerErrors } from './http/error-handler.ts'
import { notFoundApi, notFoundPage } from './http/fallbacks.ts'
import { readPreferences } from './http/preferences.ts'
import { logRequests } from './http/request-log.ts'
import { pathInProject } from './lib/root.ts'
import { apiRoutes, pageRoutes } from './routes.ts'
import { authenticate } from './sessions/authenticate.middleware.ts'
import { getSettings } from './settings/settings.ts'
import { systemRoutes } from './system-routes.ts'

/** The web application: the order of what a request passes. */
export function createApp(ctx: Context): Express {
  const app = express()
  app.set('trust proxy', ctx.config.trustProxy)
  app.disable('x-powered-by')

  app.use(systemRoutes(ctx))
  app.use(logRequests(ctx.log))
  app.use(helmet(securityHeaders(ctx)))
  // What is the same for everyone only: the length of a compressed page would tell about its secrets (BREACH).
  app.use(compression({ filter: isAsset }))
  app.use(express.static(pathInProject('public'), { maxAge: '1h', index: false }))
  app.use(readPreferences)

  app.use('/api/v1/builds', express.raw({ type: () => true, limit: '64kb' }))
  app.use('/api', express.raw({ type: () => true, limit: '256kb' }))
  app.use(express.urlencoded({ extended: false, limit: '256kb' }))

  app.use(authenticate(ctx))
  app.use(refuseForgery)
  app.use('/api/v1', apiRoutes(ctx))
  app.use('/api', notFoundApi)
  app.use(async (_req, res, next) => {
    res.locals.projectName = (await getSettings(ctx.db)).project_name
    next()
  })
  pageRoutes(app, ctx)
  app.use(notFoundPage)
  app.use(answerErrors(ctx))
  return app
}

const isAsset: CompressionFilter = (_req, res) =>
  /^(text\/(css|javascript)|image\/svg)/.test(String(res.getHeader('content-type')))

/** Nothing from other hosts, nothing inline. HTTPS is for the reverse proxy to demand. */
function securityHeaders(ctx: Context): Parameters<typeof helmet>[0] {
  const https = ctx.config.publicUrl.startsWith('https:')
  return {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'", 'data:'],
        fontSrc: ["'self'"],
        connectSrc: ["'self'"],
        frameSrc: ["'self'"],
        manifestSrc: ["'self'"],
        formAction: ["'self'"],
        baseUri: ["'none'"],
        frameAncestors: ["'self'"],
      },
    },
    strictTransportSecurity: https,
    crossOriginOpenerPolicy: https,
    originAgentCluster: https,
  }
}
