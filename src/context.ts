import { createSecretKey } from 'node:crypto'
import { join } from 'node:path'
import type { BuildMark } from './builds/list-builds.ts'
import type { PackageWatch } from './builds/look-for-package.ts'
import { openSpool } from './builds/spool.ts'
import { createBuildWriter } from './builds/store-builds.ts'
import type { Config } from './config.ts'
import { createCached } from './database/cached.ts'
import { createChangeHistory } from './database/change-history.ts'
import { connectDatabase, type Queryable } from './database/client.ts'
import { openLifeline } from './database/lifeline.ts'
import { createLongLists } from './database/long-lists.ts'
import { createPageMarks } from './database/page-marks.ts'
import { createSharedReads } from './database/shared-reads.ts'
import { createEnvironmentHooks } from './environment-hooks.ts'
import type { Check } from './environments/check-environments.ts'
import { createMessenger } from './external/chat/index.ts'
import { createEgress, type Egress } from './external/egress.ts'
import { createLdapDirectory } from './external/ldap/index.ts'
import { createIdentityProvider } from './external/oidc/index.ts'
import { checkListing, directoryHasPackage, listEntries } from './external/package-server/index.ts'
import { readUploadedResults } from './external/report/upload/index.ts'
import { createMailer } from './external/smtp/index.ts'
import { checkServer } from './external/test-server/index.ts'
import { reachServer } from './external/web-server.ts'
import { createView } from './http/view.ts'
import { startQueue } from './jobs/queue.ts'
import { createReportUrls } from './kept-reports/report-url.ts'
import { AppError } from './lib/errors.ts'
import { createLog } from './lib/log.ts'
import { createRecent } from './lib/recent.ts'
import { createSealer, type Sealer } from './lib/sealer.ts'
import { createMetrics } from './metrics.ts'
import type { PresentRun } from './notifications/finished-run.ts'
import { createUnsubscribeLinks } from './notifications/unsubscribe-links.ts'
import { createRunEndHook } from './run-end.ts'
import { createBundleUrls } from './script-bundles/bundle-url.ts'
import type { Secrets } from './secrets.ts'
import { createLoginLimit } from './sessions/limit-logins.ts'
import { createSessionCache } from './sessions/session-cache.ts'
import type { SessionRules } from './sessions/session-rules.ts'
import type { ServerChecks } from './settings/check-server.ts'
import { getSettings } from './settings/settings.ts'
import { readVersion } from './version.ts'

/** As long as a person waits for a page. */
const CHECK_MS = 4_000

export type Context = Awaited<ReturnType<typeof createContext>>

export async function createContext(
  config: Config,
  secrets: Secrets,
  databaseUrl: string,
  presentRun: PresentRun,
) {
  const log = createLog(config.logLevel)
  const connection = connectDatabase(databaseUrl, config.maxConnections)
  const { db } = connection
  const [queue, lifeline] = await Promise.all([
    startQueue(databaseUrl, log),
    openLifeline(databaseUrl, log, config.role !== 'web'),
  ])
  const settings = createCached(lifeline, 'setting', () => getSettings(db))
  const spool = openSpool(join(config.dataDir, 'spool'), log)
  const version = readVersion(config.commitHash)
  const ownPorts = [config.port, portOf(databaseUrl)]
  const egress = createEgress({ allowedHosts: config.allowedFetchHosts, ownPorts: () => ownPorts })
  const jwtSecrets = [secrets.jwtSecret, ...(config.previousJwtSecret ? [config.previousJwtSecret] : [])]
  const sealer = createSealer(jwtSecrets)
  const unsubscribeLinks = createUnsubscribeLinks(jwtSecrets, config.publicUrl)
  const sessions = sessionRules(config, secrets)
  const stopping = new AbortController()

  async function probePackage(path: string, itemNames: string[], signal?: AbortSignal): Promise<boolean> {
    const { package_download_base_url, external_test_server_url } = await settings.get()
    const [baseUrl, testServer] = sealer.open([package_download_base_url, external_test_server_url])
    const trusting = egress.trusting([baseUrl, testServer])
    return directoryHasPackage({ baseUrl, packagePath: path, itemNames, signal, egress: trusting })
  }

  return {
    config,
    log,
    db,
    queue,
    lifeline,
    changes: createChangeHistory(lifeline),
    spool,
    pool: connection.pool,
    settings,
    buildMarks: createPageMarks<BuildMark>(lifeline),
    longLists: createLongLists(lifeline),
    sharedReads: createSharedReads(),
    storeBuild: createBuildWriter(connection.pool),
    version,
    metrics: createMetrics({
      ...{ db, pool: connection.usage, spooled: spool.waiting },
      folders: { data: config.dataDir, packages: config.packageDir },
    }),
    view: createView({ cache: !config.development, version: version.app_version }),
    mailer: createMailer(config.mail),
    messenger: createMessenger(egress),
    unsubscribeLinks,
    presentRun,
    onRunEnd: createRunEndHook({ db, queue, unsubscribeLinks, ...config }, presentRun),
    ...createEnvironmentHooks({
      queue,
      publicUrl: config.publicUrl,
      adminEmails: config.adminEmails,
    }),
    checkTestServer: (url: string, token: string | null) => checkSealed(sealer, url, token),
    recentChecks: createRecent(),
    checkServers: serverChecks(egress, db, sealer),
    packages: { folder: config.packageDir },
    reports: {
      folder: join(config.dataDir, 'reports'),
      ...createReportUrls(sessions.jwtKey),
    },
    uploads: { folder: join(config.dataDir, 'uploads'), read: readUploadedResults },
    scriptBundles: {
      folder: join(config.dataDir, 'script-bundles'),
      ...createBundleUrls(sessions.jwtKey, config.publicUrl),
    },
    egress,
    sealer,
    /** Ports of this machine that are never fetched from. */
    ownPorts,
    sessions,
    sessionCache: createSessionCache(db, lifeline, sessions, log),
    directory: config.ldap && createLdapDirectory(config.ldap),
    identityProvider: config.oidc && createIdentityProvider(config.oidc),
    async listPackageServer(): Promise<string[]> {
      const { package_download_base_url } = await settings.get()
      const baseUrl = sealer.open(package_download_base_url)
      const signal = AbortSignal.timeout(CHECK_MS)
      return listEntries({ baseUrl, signal, egress: egress.trusting([baseUrl]) })
    },
    probePackage,
    packageWatch: { probe: probePackage, unavailableUntil: 0 } satisfies PackageWatch,
    async close() {
      await queue.boss.stop({ graceful: true, timeout: 6_000 })
      // Last: while a submit is awaited, this process must not count as gone.
      await lifeline.close()
      await connection.close()
    },
    /** Requests of this process whose answer waits for a change. */
    heldAnswers: { count: 0 },
    stopping: stopping.signal,
    beginStopping: () => stopping.abort(),
  }
}

function serverChecks(egress: Egress, db: Queryable, sealer: Sealer): ServerChecks {
  return {
    package_build_info_base_url: url => reachServer(url, egress.trusting([url])),
    package_download_base_url: url => checkListing(url, { egress: egress.trusting([url]) }),
    async external_test_server_url(url) {
      const ofDefault = await db.environment.findUnique({ where: { name: 'default' } })
      const isItsOwn = sealer.open(ofDefault?.testServerUrl) === url
      const { error } = await checkServer(url, { token: isItsOwn ? sealer.open(ofDefault?.token) : null })
      if (error) throw error
    },
  }
}

async function checkSealed(sealer: Sealer, url: string, token: string | null): Promise<Check> {
  try {
    return await checkServer(sealer.open(url), { token: sealer.open(token) })
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    return { reachable: false, protocol: null, features: [], tookMs: 0, error }
  }
}

function portOf(databaseUrl: string): number {
  return Number(new URL(databaseUrl).port || 5432)
}

function sessionRules(config: Config, { jwtSecret, adminPassword }: Secrets): SessionRules {
  const { loginMode, sessionHours, sessionsPerUser, allowedEmailDomains, publicUrl } = config
  const { adminEmails, adminTotpSecret } = config
  return {
    ...{ loginMode, sessionHours, sessionsPerUser, allowedEmailDomains, publicUrl },
    ...{ jwtKey: createSecretKey(jwtSecret, 'utf8'), adminPassword, adminEmails, adminTotpSecret },
    logins: createLoginLimit(),
  }
}
