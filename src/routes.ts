import express, { type Express, type RequestHandler } from 'express'
import * as builds from './builds/builds.handlers.ts'
import { measureWebhook } from './builds/measure-webhook.ts'
import type { Context } from './context.ts'
import * as testItemPages from './dashboard/dashboard.pages.ts'
import type { Endpoint } from './http/endpoint.ts'
import { methodNotAllowed, notFoundApi } from './http/fallbacks.ts'
import { describeApi } from './http/openapi.ts'
import * as jobVersions from './job-versions/job-versions.handlers.ts'
import * as buildPages from './job-versions/job-versions.pages.ts'
import * as parameterSets from './parameter-sets/parameter-sets.handlers.ts'
import * as parameterSetPages from './parameter-sets/parameter-sets.pages.ts'
import * as runs from './runs/runs.handlers.ts'
import * as runPages from './runs/runs.pages.ts'
import { limitFailedLogins } from './sessions/limit-logins.ts'
import * as sessions from './sessions/sessions.handlers.ts'
import * as sessionPages from './sessions/sessions.pages.ts'
import * as settings from './settings/settings.handlers.ts'
import * as settingPages from './settings/settings.pages.ts'
import { live } from './system/live.handlers.ts'
import { changePreferences } from './system/preferences.pages.ts'
import * as system from './system/system.handlers.ts'
import * as testItems from './test-items/test-items.handlers.ts'
import * as testResults from './test-results/test-results.handlers.ts'

export type ApiRoute = readonly ['GET' | 'POST' | 'PUT' | 'DELETE', string, Endpoint]

/** The JSON API, below /api/v1. `*job_name` takes slashes, as they are or as %2F. */
export const API: readonly ApiRoute[] = [
  ['POST', '/auth/login', sessions.logIn],
  ['POST', '/auth/logout', sessions.logOut],
  ['GET', '/auth/me', sessions.me],
  ['POST', '/auth/refresh', sessions.refresh],

  ['POST', '/builds', builds.announce],
  ['GET', '/builds', builds.list],
  ['GET', '/builds/job-names', builds.listJobNames],
  ['POST', '/builds/job-names', builds.addJob],
  ['DELETE', '/builds/job-names/*job_name', builds.removeJob],
  ['GET', '/builds/job/*job_name/latest', builds.latestOfJob],
  ['GET', '/builds/job/*job_name', builds.listOfJob],
  ['POST', '/builds/job/*job_name/prune', builds.prune],
  ['GET', '/builds/:id', builds.get],
  ['DELETE', '/builds/:id', builds.remove],

  ['GET', '/job-versions', jobVersions.list],
  ['PUT', '/job-versions', jobVersions.select],
  ['POST', '/job-versions/auto-sync', jobVersions.autoSync],
  ['POST', '/job-versions/*job_name/sync', jobVersions.sync],
  ['GET', '/job-versions/*job_name/history', jobVersions.history],
  ['GET', '/job-versions/*job_name', jobVersions.get],
  ['DELETE', '/job-versions/*job_name', jobVersions.remove],

  ['GET', '/test-items', testItems.list],
  ['POST', '/test-items', testItems.create],
  ['GET', '/test-items/:id', testItems.get],
  ['PUT', '/test-items/:id', testItems.change],
  ['DELETE', '/test-items/:id', testItems.remove],
  ['POST', '/test-items/:id/deploy-test', runs.trigger],
  ['GET', '/test-items/:id/deploy-runs', runs.listOfItem],
  ['DELETE', '/test-items/:id/deploy-history', runs.clearHistory],

  ['GET', '/deploy-test-runs', runs.list],
  ['GET', '/deploy-test-runs/queue', runs.queue],
  ['GET', '/deploy-test-runs/:id', runs.get],
  ['GET', '/deploy-test-runs/:id/tests', testResults.list],
  ['GET', '/deploy-test-runs/:id/log', runs.log],
  ['POST', '/deploy-test-runs/:id/cancel', runs.cancel],
  ['POST', '/deploy-test-runs/:id/retry', runs.retry],
  ['GET', '/processing-count', runs.processingCount],

  ['GET', '/settings', settings.list],
  ['PUT', '/settings', settings.changeAll],
  ['GET', '/settings/:key', settings.get],
  ['PUT', '/settings/:key', settings.change],

  ['GET', '/parameter-sets', parameterSets.list],
  ['POST', '/parameter-sets', parameterSets.create],
  ['GET', '/parameter-sets/:id', parameterSets.get],
  ['PUT', '/parameter-sets/:id', parameterSets.change],
  ['DELETE', '/parameter-sets/:id', parameterSets.remove],
  ['GET', '/parameter-sets/:id/versions', parameterSets.versions],

  ['GET', '/version', system.version],
]

/** What tells whether the process lives, can work, and how it fares. */
export function systemRoutes(ctx: Context): RequestHandler {
  const router = express.Router()
  router.get('/health', system.health)
  router.get('/ready', system.ready(ctx))
  router.get('/metrics', system.metrics(ctx))
  return router
}

/** Below /api/v1. */
export function apiRoutes(ctx: Context): RequestHandler {
  const router = express.Router()
  router.post('/auth/login', limitFailedLogins())
  router.post('/builds', measureWebhook(ctx))
  for (const [method, path, endpoint] of API) {
    router[method.toLowerCase() as 'get' | 'post' | 'put' | 'delete'](path, endpoint.handler(ctx))
  }
  const description = describeApi(API, { url: ctx.config.publicUrl, version: ctx.version.app_version })
  router.get('/openapi.json', (_req, res) => void res.json(description))
  for (const path of new Set(API.map(([, path]) => path))) {
    router.all(path, methodNotAllowed(API.filter(route => route[1] === path).map(([method]) => method)))
  }
  router.use(notFoundApi)
  return router
}

type PageRoute = readonly ['GET' | 'POST', string, (ctx: Context) => RequestHandler]

/** The pages, and what their forms do. */
const PAGES: readonly PageRoute[] = [
  ['GET', '/', toTests],
  ['GET', '/login', sessionPages.showLogin],
  ['POST', '/login', sessionPages.submitLogin],
  ['GET', '/login/link', sessionPages.showLoginLink],
  ['POST', '/login/link', sessionPages.submitLoginLink],
  ['POST', '/logout', sessionPages.pressLogout],
  ['POST', '/preferences', changePreferences],

  ['GET', '/tests', testItemPages.showTests],
  ['POST', '/tests', testItemPages.submitNewItem],
  ['GET', '/tests/:id', testItemPages.showTest],
  ['POST', '/tests/:id', testItemPages.submitItem],
  ['POST', '/tests/:id/trigger', runPages.pressTrigger],
  ['POST', '/tests/:id/mail', testItemPages.pressMail],
  ['POST', '/tests/:id/delete', testItemPages.pressDeleteItem],
  ['POST', '/tests/:id/clear-history', testItemPages.pressClearHistory],

  ['GET', '/runs', runPages.showRuns],
  ['GET', '/runs/:id', runPages.showRun],
  ['POST', '/runs/:id/cancel', runPages.pressCancel],
  ['POST', '/runs/:id/retry', runPages.pressRetry],
  ['GET', '/runs/:id/mail', runPages.showRunMail],
  ['GET', '/runs/:id/mail/body', runPages.showRunMailBody],

  ['GET', '/builds', buildPages.showBuilds],
  ['POST', '/builds/select', buildPages.pressSelect],
  ['POST', '/builds/sync', buildPages.pressSync],
  ['POST', '/builds/auto-sync', buildPages.pressAutoSync],
  ['POST', '/builds/prune', buildPages.pressPrune],
  ['POST', '/builds/delete', buildPages.pressDeleteBuild],
  ['POST', '/builds/jobs', buildPages.submitJob],
  ['POST', '/builds/jobs/delete', buildPages.pressDeleteJob],

  ['GET', '/parameter-sets', parameterSetPages.showParameterSets],
  ['POST', '/parameter-sets', parameterSetPages.submitNewParameterSet],
  ['GET', '/parameter-sets/new', parameterSetPages.showNewParameterSet],
  ['GET', '/parameter-sets/:id', parameterSetPages.showParameterSet],
  ['POST', '/parameter-sets/:id', parameterSetPages.submitParameterSet],
  ['POST', '/parameter-sets/:id/delete', parameterSetPages.pressDeleteParameterSet],

  ['GET', '/settings', settingPages.showSettings],
  ['POST', '/settings', settingPages.submitSettings],
  ['POST', '/settings/mail/test', settingPages.submitTestMail],
  ['GET', '/settings/mail/:id', settingPages.showMail],
  ['GET', '/settings/mail/:id/body', settingPages.showMailBody],
  ['POST', '/settings/mail/:id/resend', settingPages.pressResend],
  ['POST', '/settings/sessions/:id/end', settingPages.pressEndSession],
]

export function pageRoutes(app: Express, ctx: Context): void {
  app.post('/login', limitFailedLogins())
  app.get('/live', live(ctx))
  for (const [method, path, page] of PAGES) app[method === 'GET' ? 'get' : 'post'](path, page(ctx))
}

function toTests(): RequestHandler {
  return (_req, res) => res.redirect('/tests')
}
