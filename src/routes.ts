import express, { type Express, type RequestHandler, type Router } from 'express'
import * as alerts from './alerts/alerts.handlers.ts'
import * as alertPages from './alerts/alerts.pages.ts'
import * as audit from './audit/audit.handlers.ts'
import * as auditPages from './audit/audit.pages.ts'
import * as builds from './builds/builds.handlers.ts'
import { measureWebhook } from './builds/measure-webhook.middleware.ts'
import { limitWebhooks, requireWebhookSecret } from './builds/webhook-secret.middleware.ts'
import * as channels from './channels/channels.handlers.ts'
import * as channelPages from './channels/channels.pages.ts'
import type { Context } from './context.ts'
import * as badges from './dashboard/badges.handlers.ts'
import * as environmentPages from './dashboard/environment.pages.ts'
import * as environmentsPages from './dashboard/environments.pages.ts'
import * as homePages from './dashboard/home.pages.ts'
import { digestAction, showOwnMails } from './dashboard/own-mails.pages.ts'
import { showTestBuild } from './dashboard/test-build.pages.ts'
import * as testItemPages from './dashboard/test-item.pages.ts'
import * as testItemActions from './dashboard/test-item-actions.pages.ts'
import * as triggerPages from './dashboard/trigger.pages.ts'
import { showUnsubscribe, unsubscribeAction } from './dashboard/unsubscribe.pages.ts'
import * as digests from './digests/digests.handlers.ts'
import { showDoctor } from './doctor/doctor.pages.ts'
import * as environments from './environments/environments.handlers.ts'
import { checkAccessDeclared, requireAccess, scopesFor, type Who } from './http/access.ts'
import type { ApiRoute } from './http/endpoint.ts'
import { methodNotAllowed, notFoundApi } from './http/fallbacks.ts'
import type { PageRoute } from './http/page.ts'
import * as jobActions from './job-versions/job-actions.pages.ts'
import * as jobVersions from './job-versions/job-versions.handlers.ts'
import * as jobs from './job-versions/jobs.handlers.ts'
import * as jobsListPages from './job-versions/jobs-list.pages.ts'
import * as keptReports from './kept-reports/kept-reports.handlers.ts'
import * as keptReportPages from './kept-reports/kept-reports.pages.ts'
import type { Scope } from './lib/token-scopes.ts'
import * as deliveries from './notifications/deliveries.handlers.ts'
import * as notificationPages from './notifications/notifications.pages.ts'
import * as parameterSetPages from './parameter-sets/parameter-set.pages.ts'
import * as parameterSets from './parameter-sets/parameter-sets.handlers.ts'
import { showParameterSets } from './parameter-sets/parameter-sets.pages.ts'
import { showEndedRuns } from './runs/ended-runs.pages.ts'
import * as runExport from './runs/export.handlers.ts'
import * as queue from './runs/queue.handlers.ts'
import * as queuePages from './runs/queue-actions.pages.ts'
import * as runPage from './runs/run.pages.ts'
import * as runActions from './runs/run-actions.handlers.ts'
import * as runActionPages from './runs/run-actions.pages.ts'
import * as runs from './runs/runs.handlers.ts'
import * as runPages from './runs/runs.pages.ts'
import * as trendPages from './runs/trends.pages.ts'
import * as uploads from './runs/upload.handlers.ts'
import * as uploadPages from './runs/upload.pages.ts'
import * as scriptBundles from './script-bundles/script-bundles.handlers.ts'
import * as scriptBundlePages from './script-bundles/script-bundles.pages.ts'
import * as search from './search/search.handlers.ts'
import { showSearch } from './search/search.pages.ts'
import * as loginPages from './sessions/login.pages.ts'
import * as linkPages from './sessions/login-link.pages.ts'
import * as oidcPages from './sessions/oidc.pages.ts'
import { showResume } from './sessions/resume.pages.ts'
import * as sessionList from './sessions/session-list.handlers.ts'
import * as sessionListPages from './sessions/session-list.pages.ts'
import * as sessions from './sessions/sessions.handlers.ts'
import * as settings from './settings/settings.handlers.ts'
import * as settingPages from './settings/settings.pages.ts'
import * as setupPages from './setup/setup.pages.ts'
import * as docs from './system/docs.pages.ts'
import { live } from './system/live.handlers.ts'
import { changePreferences } from './system/preferences.pages.ts'
import { showStorage } from './system/storage.pages.ts'
import * as system from './system/system.handlers.ts'
import * as testItems from './test-items/test-items.handlers.ts'
import * as comparePage from './test-results/compare.pages.ts'
import * as itemTestPages from './test-results/item-tests.pages.ts'
import * as testResults from './test-results/test-results.handlers.ts'
import * as tokens from './tokens/tokens.handlers.ts'
import * as tokenPages from './tokens/tokens.pages.ts'
import * as verdicts from './triggers/verdict.handlers.ts'
import * as watches from './watches/watches.handlers.ts'
import * as watchPages from './watches/watches.pages.ts'

/** The JSON API, below /api/v1. `*job_name` takes slashes, as they are or as %2F. */
export const API: readonly ApiRoute[] = [
  ['POST', '/auth/login', 'public', sessions.logIn],
  ['POST', '/auth/logout', 'user_session', sessions.logOut],
  ['GET', '/auth/me', 'user', sessions.me],
  ['POST', '/auth/refresh', 'user_session', sessions.refresh],

  ['POST', '/builds', 'webhook', builds.announce],
  ['GET', '/builds', 'user', builds.list],
  ['GET', '/builds/job-names', 'user', jobs.listNames],
  ['POST', '/builds/job-names', 'admin', jobs.add],
  ['DELETE', '/builds/job-names/*job_name', 'admin', jobs.remove],
  ['GET', '/builds/job/*job_name/latest', 'user', builds.latestOfJob],
  ['POST', '/builds/job/*job_name/:build_number/report', 'upload', uploads.upload],
  ['GET', '/builds/job/*job_name', 'user', builds.listOfJob],
  ['POST', '/builds/job/*job_name/prune', 'admin', builds.prune],
  ['GET', '/builds/:id', 'user', builds.get],
  ['GET', '/builds/:id/verdict', 'announcer', verdicts.verdict],
  ['DELETE', '/builds/:id', 'admin', builds.remove],

  ['GET', '/job-versions', 'user', jobVersions.list],
  ['PUT', '/job-versions', 'user', jobVersions.select],
  ['POST', '/job-versions/auto-sync', 'user', jobVersions.autoSync],
  ['POST', '/job-versions/*job_name/sync', 'user', jobVersions.sync],
  ['GET', '/job-versions/*job_name/history', 'user', jobVersions.history],
  ['GET', '/job-versions/*job_name', 'user', jobVersions.get],
  ['DELETE', '/job-versions/*job_name', 'admin', jobVersions.remove],

  ['GET', '/test-items', 'user', testItems.list],
  ['POST', '/test-items', 'admin', testItems.create],
  ['GET', '/test-items/:id', 'user', testItems.get],
  ['PUT', '/test-items/:id', 'admin', testItems.change],
  ['DELETE', '/test-items/:id', 'admin', runActions.removeItem],
  ['PUT', '/test-items/:id/watch', 'user_session', watches.followItem],
  ['DELETE', '/test-items/:id/watch', 'user_session', watches.unfollowItem],
  ['POST', '/test-items/:id/deploy-test', 'trigger', runActions.trigger],
  ['GET', '/test-items/:id/deploy-runs', 'user', runs.listOfItem],
  ['DELETE', '/test-items/:id/deploy-history', 'admin', runs.clearHistory],
  ['GET', '/test-items/:id/tests', 'user', testResults.listOfItem],

  ['GET', '/deploy-test-runs', 'user', runs.list],
  ['GET', '/deploy-test-runs/queue', 'user', queue.list],
  ['GET', '/deploy-test-runs/:id', 'user', runs.get],
  ['GET', '/deploy-test-runs/:id/tests', 'user', testResults.list],
  ['GET', '/deploy-test-runs/:id/compare/:other', 'user', testResults.compare],
  ['GET', '/deploy-test-runs/:id/export', 'user', runExport.exportRun],
  ['GET', '/deploy-test-runs/:id/report/*path', 'user', keptReports.file],
  ['GET', '/deploy-test-runs/:id/load', 'user', runs.load],
  ['GET', '/deploy-test-runs/:id/log', 'user', runs.log],
  ['POST', '/deploy-test-runs/:id/cancel', 'trigger', runActions.cancel],
  ['POST', '/deploy-test-runs/:id/retry', 'trigger', runActions.retry],
  ['POST', '/deploy-test-runs/:id/move', 'admin', queue.move],
  ['PUT', '/deploy-test-runs/:id/watch', 'user_session', watches.followRun],
  ['DELETE', '/deploy-test-runs/:id/watch', 'user_session', watches.unfollowRun],
  ['GET', '/watches', 'user_session', watches.list],
  ['GET', '/digest', 'user_session', digests.get],
  ['PUT', '/digest', 'user_session', digests.subscribe],
  ['DELETE', '/digest', 'user_session', digests.end],
  ['GET', '/processing-count', 'user', queue.processingCount],

  ['GET', '/search', 'user', search.find],

  ['GET', '/environments', 'user', environments.list],
  ['POST', '/environments', 'admin', environments.create],
  ['GET', '/environments/:id', 'user', environments.get],
  ['PUT', '/environments/:id', 'admin', environments.change],
  ['DELETE', '/environments/:id', 'admin', environments.remove],
  ['POST', '/environments/:id/check', 'admin', environments.check],

  ['GET', '/channels', 'user', channels.list],
  ['POST', '/channels', 'admin', channels.create],
  ['PUT', '/channels/:id', 'admin', channels.change],
  ['DELETE', '/channels/:id', 'admin', channels.remove],
  ['POST', '/channels/:id/test', 'admin', channels.test],
  ['GET', '/alert-rules', 'user', alerts.list],
  ['POST', '/alert-rules', 'admin', alerts.create],
  ['PUT', '/alert-rules/:id', 'admin', alerts.change],
  ['DELETE', '/alert-rules/:id', 'admin', alerts.remove],
  ['GET', '/deliveries', 'user', deliveries.list],
  ['POST', '/deliveries/:id/resend', 'admin', deliveries.resend],

  ['GET', '/settings', 'user', settings.list],
  ['PUT', '/settings', 'admin', settings.changeAll],
  ['GET', '/settings/:key', 'user', settings.get],
  ['PUT', '/settings/:key', 'admin', settings.change],

  ['GET', '/parameter-sets', 'user', parameterSets.list],
  ['POST', '/parameter-sets', 'admin', parameterSets.create],
  ['GET', '/parameter-sets/:id', 'user', parameterSets.get],
  ['PUT', '/parameter-sets/:id', 'admin', parameterSets.change],
  ['DELETE', '/parameter-sets/:id', 'admin', parameterSets.remove],
  ['GET', '/parameter-sets/:id/versions', 'user', parameterSets.versions],

  ['GET', '/script-bundles', 'user', scriptBundles.list],
  ['GET', '/script-bundles/:name', 'user', scriptBundles.versions],
  ['PUT', '/script-bundles/:name', 'admin', scriptBundles.store],
  ['GET', '/script-bundles/:name/:version', 'user', scriptBundles.file],
  ['GET', '/script-files/:sha256', 'public', scriptBundles.signedFile],

  ['GET', '/tokens', 'admin_session', tokens.list],
  ['POST', '/tokens', 'admin_session', tokens.create],
  ['DELETE', '/tokens/:id', 'admin_session', tokens.remove],
  ['GET', '/sessions', 'user', sessionList.list],
  ['DELETE', '/sessions/:id', 'user', sessionList.end],
  ['GET', '/audit', 'admin', audit.list],

  ['GET', '/badges/:test_item_id.svg', 'public', badges.badge],
  ['GET', '/version', 'public', system.version],
]

export const PAGES: readonly PageRoute[] = [
  ['GET', '/', 'public', toHome],
  ['GET', '/live', 'user', live],
  ['GET', '/docs', 'public', docs.showDocs],
  ['GET', '/docs/zh-CN', 'public', docs.showChineseDocs],
  ['GET', '/docs/zh-CN/:name', 'public', docs.showChineseDocs],
  ['GET', '/docs/files/*path', 'public', docs.sendDocsFile],
  ['GET', '/docs/:name', 'public', docs.showDocs],
  ['GET', '/login', 'public', loginPages.showLogin],
  ['POST', '/login', 'public', linkPages.submitLoginForm],
  ['GET', '/login/link', 'public', linkPages.showLoginLink],
  ['POST', '/login/link', 'public', linkPages.submitLoginLink],
  ['GET', '/login/oidc/start', 'public', oidcPages.startOidcLogin],
  ['GET', '/login/oidc', 'public', oidcPages.finishOidcLogin],
  ['GET', '/login/resume', 'user', showResume],
  ['POST', '/logout', 'public', loginPages.logoutAction],
  ['POST', '/preferences', 'public', changePreferences],
  ['GET', '/search', 'user', showSearch],

  ['GET', '/tests', 'user', homePages.showTests],
  ['POST', '/tests', 'admin', homePages.submitNewItem],
  ['GET', '/tests/:id', 'user', testItemPages.showTest],
  ['POST', '/tests/:id', 'admin', testItemPages.submitItem],
  ['GET', '/tests/:id/results', 'user', itemTestPages.showItemTests],
  ['GET', '/tests/:id/results/test', 'user', itemTestPages.showItemTest],
  ['POST', '/tests/:id/upload', 'user', uploadPages.uploadAction],
  ['GET', '/tests/:id/trigger', 'user', triggerPages.showTrigger],
  ['POST', '/tests/:id/trigger', 'user', triggerPages.triggerAction],
  ['POST', '/tests/:id/pin', 'user', testItemActions.pinAction],
  ['POST', '/tests/:id/watch', 'user', watchPages.watchItemAction],
  ['POST', '/tests/:id/mail', 'admin', testItemActions.mailAction],
  ['POST', '/tests/:id/delete', 'admin', testItemActions.deleteItemAction],
  ['POST', '/tests/:id/clear-history', 'admin', testItemActions.clearHistoryAction],

  ['GET', '/runs', 'user', runPages.showRuns],
  ['GET', '/runs/ended', 'user', showEndedRuns],
  ['POST', '/runs/queue', 'admin', queuePages.pauseAction],
  ['GET', '/runs/:id', 'user', runPage.showRun],
  ['GET', '/runs/:id/compare', 'user', comparePage.showComparison],
  ['GET', '/runs/:id/report', 'user', keptReportPages.openReport],
  ['GET', '/kept-reports/:id/:token/*path', 'public', keptReportPages.showReportFile],
  ['GET', '/runs/:id/failures/:position.txt', 'user', runPage.showFailure],
  ['GET', '/runs/:id/log.txt', 'user', runPage.downloadLog],
  ['POST', '/runs/:id/move', 'admin', queuePages.moveAction],
  ['POST', '/runs/:id/watch', 'user', watchPages.watchRunAction],
  ['POST', '/runs/:id/cancel', 'user', runActionPages.cancelAction],
  ['POST', '/runs/:id/retry', 'user', runActionPages.retryAction],
  ['GET', '/runs/:id/mail', 'user', notificationPages.showRunMail],
  ['GET', '/runs/:id/mail/body', 'user', notificationPages.showRunMailBody],

  ['GET', '/own-mails', 'user', showOwnMails],
  ['POST', '/own-mails/digest', 'user', digestAction],
  ['GET', '/unsubscribe/:token', 'public', showUnsubscribe],
  ['POST', '/unsubscribe/:token', 'public', unsubscribeAction],
  ['GET', '/trends', 'user', trendPages.showTrends],
  ['GET', '/badges/:test_item_id.svg', 'public', badges.showBadge],

  ['GET', '/builds', 'user', jobsListPages.showBuilds],
  ['GET', '/builds/:id/test', 'user', showTestBuild],
  ['POST', '/builds/select', 'user', jobActions.selectAction],
  ['POST', '/builds/sync', 'user', jobActions.syncAction],
  ['POST', '/builds/auto-sync', 'user', jobActions.autoSyncAction],
  ['POST', '/builds/prune', 'admin', jobActions.pruneAction],
  ['POST', '/builds/delete', 'admin', jobActions.deleteBuildAction],
  ['POST', '/builds/jobs', 'admin', jobsListPages.submitJob],
  ['POST', '/builds/jobs/delete', 'admin', jobActions.deleteJobAction],

  ['GET', '/setup', 'user', setupPages.showSetup],
  ['POST', '/setup/package-server', 'admin', setupPages.submitPackageServer],
  ['POST', '/setup/test-server', 'admin', setupPages.submitTestServer],
  ['POST', '/setup/mail', 'admin', setupPages.submitMail],
  ['POST', '/setup/item', 'admin', setupPages.submitFirstItem],
  ['POST', '/setup/check', 'admin', setupPages.checkAgainAction],
  ['POST', '/setup/dismiss', 'admin', setupPages.dismissAction],

  ['GET', '/parameter-sets', 'user', showParameterSets],
  ['POST', '/parameter-sets', 'admin', parameterSetPages.submitNewParameterSet],
  ['GET', '/parameter-sets/new', 'admin', parameterSetPages.showNewParameterSet],
  ['GET', '/parameter-sets/:id', 'user', parameterSetPages.showParameterSet],
  ['POST', '/parameter-sets/:id', 'admin', parameterSetPages.submitParameterSet],
  ['GET', '/parameter-sets/:id/versions/:version.txt', 'user', parameterSetPages.showVersion],
  ['POST', '/parameter-sets/:id/delete', 'admin', parameterSetPages.deleteParameterSetAction],

  ['GET', '/script-bundles', 'user', scriptBundlePages.showScriptBundles],
  ['GET', '/script-bundles/:name', 'user', scriptBundlePages.showScriptBundle],
  ['GET', '/script-bundles/:name/:version/changes.txt', 'user', scriptBundlePages.showChanges],

  ['GET', '/environments', 'user', environmentsPages.showEnvironments],
  ['POST', '/environments', 'admin', environmentsPages.submitNewEnvironment],
  ['GET', '/environments/:id', 'user', environmentPages.showEnvironment],
  ['POST', '/environments/:id', 'admin', environmentPages.submitEnvironment],
  ['POST', '/environments/:id/state', 'admin', environmentPages.stateAction],
  ['POST', '/environments/:id/check', 'admin', environmentPages.checkAction],
  ['POST', '/environments/:id/delete', 'admin', environmentPages.deleteEnvironmentAction],

  ['GET', '/settings', 'user', settingPages.showSettings],
  ['POST', '/settings', 'admin', settingPages.submitSettings],
  ['POST', '/settings/check', 'admin', settingPages.checkAction],
  ['GET', '/settings/channels', 'admin', channelPages.showChannels],
  ['POST', '/settings/channels', 'admin', channelPages.submitNewChannel],
  ['GET', '/settings/channels/:id', 'admin', channelPages.showChannel],
  ['POST', '/settings/channels/:id', 'admin', channelPages.submitChannel],
  ['POST', '/settings/channels/:id/test', 'admin', channelPages.exampleAction],
  ['POST', '/settings/channels/:id/delete', 'admin', channelPages.deleteChannelAction],
  ['GET', '/settings/alerts', 'admin', alertPages.showAlerts],
  ['POST', '/settings/alerts', 'admin', alertPages.submitNewAlertRule],
  ['GET', '/settings/alerts/:id', 'admin', alertPages.showAlertRule],
  ['POST', '/settings/alerts/:id', 'admin', alertPages.submitAlertRule],
  ['POST', '/settings/alerts/:id/delete', 'admin', alertPages.deleteAlertRuleAction],
  ['GET', '/settings/mail', 'admin', notificationPages.showMails],
  ['POST', '/settings/mail/test', 'admin', notificationPages.submitTestMail],
  ['POST', '/settings/mail/check', 'admin', notificationPages.checkMailAction],
  ['GET', '/settings/mail/:id', 'admin', notificationPages.showMail],
  ['GET', '/settings/mail/:id/body', 'admin', notificationPages.showMailBody],
  ['POST', '/settings/mail/:id/resend', 'admin', notificationPages.resendAction],
  ['GET', '/settings/doctor', 'admin', showDoctor],
  ['GET', '/settings/storage', 'admin', showStorage],
  ['GET', '/settings/sessions', 'admin', sessionListPages.showSessions],
  ['POST', '/settings/sessions/:id/end', 'admin', sessionListPages.endSessionAction],
  ['GET', '/settings/tokens', 'admin', tokenPages.showTokens],
  ['POST', '/settings/tokens', 'admin', tokenPages.submitToken],
  ['POST', '/settings/tokens/:id/delete', 'admin', tokenPages.deleteTokenAction],
  ['GET', '/settings/audit', 'admin', auditPages.showAudit],
  ['GET', '/settings/audit.csv', 'admin', auditPages.downloadAudit],
  ['GET', '/settings/audit/:id.txt', 'admin', auditPages.showChange],
]

// A token is for the API: no scope opens a page.
const NO_TOKENS: readonly Scope[] = []

function guard(ctx: Context, who: Who, scopes: readonly Scope[]): RequestHandler {
  if (who === 'webhook') return requireWebhookSecret(ctx)
  return (_req, res, next) => next(requireAccess(res, who, scopes))
}

export function apiRoutes(ctx: Context): RequestHandler {
  checkAccessDeclared(API)
  const router = express.Router()
  router.post('/builds', measureWebhook(ctx), limitWebhooks())
  const isFixed = ([, path]: ApiRoute) => !/[:*]/.test(path) && !isJobName(path)
  // First: `/builds/job-names` is no `/builds/:id`, by no method.
  addRoutes(router, ctx, API.filter(isFixed))
  addRoutes(
    router,
    ctx,
    API.filter(route => !isFixed(route)),
  )
  router.get('/openapi.json', describe(ctx))
  router.use(notFoundApi)
  return router
}

function addRoutes(router: Router, ctx: Context, routes: readonly ApiRoute[]): void {
  for (const [method, path, who, endpoint] of routes) {
    const add = method.toLowerCase() as 'get' | 'post' | 'put' | 'delete'
    router[add](path, guard(ctx, who, scopesFor(method, who)), endpoint.handler(ctx))
  }
  for (const path of longestFirst(routes.map(route => route[1]))) {
    const methods = routes.filter(route => route[1] === path).map(([method]) => method)
    router.all(path, methodNotAllowed(methods))
  }
}

/** A job may be called as a path ends: `/job-versions/auto-sync`. */
function isJobName(path: string): boolean {
  return API.some(route => route[1].includes('*') && path.startsWith(route[1].replace(/\*.*/, '')))
}

/** Made when it is asked for, which is rare. */
function describe({ config, version }: Context): RequestHandler {
  return async (_req, res) => {
    const { describeApi } = await import('./http/openapi.ts')
    res.json(describeApi(API, { url: config.publicUrl, version: version.app_version }))
  }
}

/** `/builds/job/*job_name` matches `/builds/job/*job_name/prune`, too. */
function longestFirst(paths: string[]): string[] {
  const segments = (path: string) => path.split('/').length
  return [...new Set(paths)].sort((a, b) => segments(b) - segments(a))
}

export function pageRoutes(app: Express, ctx: Context): void {
  checkAccessDeclared(PAGES)
  for (const [method, path, who, page] of PAGES)
    app[method === 'GET' ? 'get' : 'post'](path, guard(ctx, who, NO_TOKENS), page(ctx))
}

function toHome(): RequestHandler {
  return (_req, res) => res.redirect('/tests')
}
