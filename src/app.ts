import type { IncomingMessage } from 'node:http'
import compression, { type CompressionFilter } from 'compression'
import express, { type Express, type Request, type RequestHandler, type Router } from 'express'
import helmet from 'helmet'
import type { Context } from './context.ts'
import { refuseForgery } from './http/csrf.ts'
import { answerErrors } from './http/error-handler.ts'
import { notFoundApi, notFoundPage } from './http/fallbacks.ts'
import { readFileForms } from './http/form-file.ts'
import { refuseForeignHosts } from './http/origin.ts'
import { readPreferences } from './http/preferences.ts'
import { logRequests } from './http/request-log.ts'
import { pathInProject } from './lib/root.ts'
import { apiRoutes, pageRoutes } from './routes.ts'
import { MAX_UPLOAD_BYTES } from './runs/upload.handlers.ts'
import { authenticate } from './sessions/authenticate.middleware.ts'
import { systemRoutes } from './system-routes.ts'

export function createApp(ctx: Context): Express {
  const app = express()
  app.set('trust proxy', ctx.config.trustProxy)
  app.set('https', isHttps(ctx))
  app.disable('x-powered-by')
  // Not of every answer: pages differ each time, and no client of the API asks for one again by it.
  app.disable('etag')

  app.use(systemRoutes(ctx))
  if (ctx.log.isLevelEnabled('debug')) app.use(logRequests(ctx.log))
  app.use(helmet(securityHeaders(ctx)))
  app.use(refuseForeignHosts(ctx.config))
  app.use('/api', api(ctx))
  servePages(app, ctx)
  app.use(answerErrors(ctx))
  return app
}

/** Before all that only pages need: Jenkins and scripts call it far more often than people open pages. */
function api(ctx: Context): Router {
  const router = express.Router()
  router.use(keepNowhere)
  router.use('/v1/builds', express.raw({ type: req => !isUpload(req), limit: '64kb' }))
  router.use(express.raw({ type: req => !isUpload(req), limit: '256kb' }))
  router.use(readPreferences, authenticate(ctx), refuseForgery(ctx.config))
  router.use('/v1', apiRoutes(ctx))
  router.use(notFoundApi)
  return router
}

function servePages(app: Express, ctx: Context): void {
  // Assets only: the length of a compressed page could reveal its secrets (BREACH).
  app.use(compression({ filter: isAsset }))
  // Pages have no extension, and need no look at the disk.
  app.get(/\.\w+$/, express.static(pathInProject('public'), { maxAge: '1h', index: false }))
  app.use(keepNowhere)
  app.use(express.urlencoded({ extended: false, limit: '256kb' }))
  app.use(readPreferences, authenticate(ctx), readFileForms(ctx.uploads.folder, MAX_UPLOAD_BYTES))
  app.use(refuseForgery(ctx.config))
  app.use(async (_req, res, next) => {
    // Before anything is read.
    res.locals.liveMark = ctx.changes.mark()
    res.locals.projectName = (await ctx.settings.get()).project_name
    next()
  })
  pageRoutes(app, ctx)
  app.use(notFoundPage)
}

/** Of a file, which its endpoint reads by itself. */
function isUpload(req: IncomingMessage): boolean {
  const { method, originalUrl } = req as Request
  if (method === 'PUT') return /^\/api\/v1\/script-bundles\//.test(originalUrl)
  return method === 'POST' && /^\/api\/v1\/builds\/job\/.+\/\d+\/report\/?(\?|$)/.test(originalUrl)
}

/** Answers are personal, or change at any time. */
const keepNowhere: RequestHandler = (_req, res, next) => {
  res.set('Cache-Control', 'no-store')
  next()
}

const isAsset: CompressionFilter = (_req, res) =>
  /^(text\/(css|javascript)|image\/svg)/.test(String(res.getHeader('content-type')))

function isHttps(ctx: Context): boolean {
  return ctx.config.publicUrl.startsWith('https:')
}

/** Nothing from other hosts, nothing inline. Redirecting to HTTPS is left to the reverse proxy. */
function securityHeaders(ctx: Context): Parameters<typeof helmet>[0] {
  const https = isHttps(ctx)
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
    // Forms of our own pages name their origin; other sites learn nothing.
    referrerPolicy: { policy: 'same-origin' },
    strictTransportSecurity: https,
    crossOriginOpenerPolicy: https,
    originAgentCluster: https,
  }
}
