import { createSecretKey } from 'node:crypto'
import { setMaxListeners } from 'node:events'
import { join } from 'node:path'
import type { BuildMark } from './builds/list-builds.ts'
import { openSpool } from './builds/spool.ts'
import { createBuildWriter } from './builds/store-builds.ts'
import type { Config } from './config.ts'
import { createCached } from './database/cached.ts'
import { connectDatabase } from './database/client.ts'
import { openLifeline } from './database/lifeline.ts'
import { createPageMarks } from './database/page-marks.ts'
import { createLdapDirectory } from './external/ldap/index.ts'
import { createIdentityProvider } from './external/oidc/index.ts'
import { directoryHasPackage } from './external/package-server/index.ts'
import { createMailer } from './external/smtp/index.ts'
import { checkServer } from './external/test-server/index.ts'
import { createView } from './http/view.ts'
import { startQueue } from './jobs/queue.ts'
import { createLog } from './lib/log.ts'
import { createMetrics } from './metrics.ts'
import { createQuarantineHook } from './notifications/notify-quarantine.ts'
import { createRunEndHook } from './run-end.ts'
import { createBundleUrls } from './script-bundles/bundle-url.ts'
import type { Secrets } from './secrets.ts'
import { createSessionCache } from './sessions/session-cache.ts'
import type { SessionRules } from './sessions/session-rules.ts'
import { getSettings } from './settings/settings.ts'
import { readVersion } from './version.ts'

export type Context = Awaited<ReturnType<typeof createContext>>

export async function createContext(config: Config, secrets: Secrets, databaseUrl: string) {
  const log = createLog(config.logLevel)
  const connection = connectDatabase(databaseUrl, config.maxConnections)
  const { db } = connection
  const queue = await startQueue(databaseUrl, log)
  const lifeline = await openLifeline(databaseUrl, log, config.role !== 'web')
  const settings = createCached(lifeline, 'setting', () => getSettings(db))
  const spool = openSpool(join(config.dataDir, 'spool'), log)
  const version = readVersion(config.commitHash)
  const sessions = sessionRules(config, secrets)
  const stopping = new AbortController()
  // Every live page adds a listener.
  setMaxListeners(0, stopping.signal)

  return {
    config,
    log,
    db,
    queue,
    lifeline,
    spool,
    pool: connection.pool,
    settings,
    buildMarks: createPageMarks<BuildMark>(lifeline),
    storeBuild: createBuildWriter(connection.pool),
    version,
    metrics: createMetrics({
      ...{ db, pool: connection.usage, spooled: spool.waiting },
      folders: { data: config.dataDir, packages: config.packageDir },
    }),
    view: createView({ cache: !config.development, version: version.app_version }),
    mailer: createMailer(config.mail),
    onRunEnd: createRunEndHook({ db, queue, publicUrl: config.publicUrl }),
    onQuarantine: createQuarantineHook({
      queue,
      publicUrl: config.publicUrl,
      adminEmails: config.adminEmails,
    }),
    checkTestServer: (url: string, token: string | null) => checkServer(url, { token }),
    packages: { folder: config.packageDir },
    scriptBundles: {
      folder: join(config.dataDir, 'script-bundles'),
      ...createBundleUrls(sessions.jwtKey, config.publicUrl),
    },
    sessions,
    sessionCache: createSessionCache(db, lifeline, sessions),
    directory: config.ldap && createLdapDirectory(config.ldap),
    identityProvider: config.oidc && createIdentityProvider(config.oidc),
    async probePackage(packagePath: string, itemNames: string[]): Promise<boolean> {
      const { package_download_base_url } = await settings.get()
      return directoryHasPackage({ baseUrl: package_download_base_url, packagePath, itemNames })
    },
    async close() {
      await queue.boss.stop({ graceful: true, timeout: 6_000 })
      // Last: while a submit is awaited, this process must not count as gone.
      await lifeline.close()
      await connection.close()
    },
    stopping: stopping.signal,
    beginStopping: () => stopping.abort(),
  }
}

function sessionRules(config: Config, { jwtSecret, adminPassword }: Secrets): SessionRules {
  const { loginMode, sessionHours, sessionsPerUser, allowedEmailDomains, publicUrl } = config
  const { adminEmails, adminTotpSecret } = config
  return {
    ...{ loginMode, sessionHours, sessionsPerUser, allowedEmailDomains, publicUrl },
    ...{ jwtKey: createSecretKey(jwtSecret, 'utf8'), adminPassword, adminEmails, adminTotpSecret },
  }
}
