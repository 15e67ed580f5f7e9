import { execFileSync } from 'node:child_process'
import { setMaxListeners } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { openSpool } from './builds/spool.ts'
import { createBuildWriter } from './builds/store-builds.ts'
import type { Config } from './config.ts'
import { connectDatabase } from './database/client.ts'
import { openLifeline } from './database/lifeline.ts'
import { directoryHasPackage } from './external/package-server/index.ts'
import { createMailer } from './external/smtp/index.ts'
import { createView } from './http/view.ts'
import { startQueue } from './jobs/queue.ts'
import { createLog } from './lib/log.ts'
import { pathInProject } from './lib/root.ts'
import { createMetrics } from './metrics.ts'
import { createRunEndHook } from './run-end.ts'
import type { Secrets } from './secrets.ts'
import { getSettings } from './settings/settings.ts'

export type Context = Awaited<ReturnType<typeof createContext>>

/** Makes everything once, and hands it on: database, queue, outside servers. No globals. */
export async function createContext(config: Config, secrets: Secrets, databaseUrl: string) {
  const log = createLog(config.logLevel)
  const connection = connectDatabase(databaseUrl, config.maxConnections)
  const { db } = connection
  const queue = await startQueue(databaseUrl, log)
  const lifeline = await openLifeline(databaseUrl, log, config.role !== 'web')
  const spool = openSpool(join(config.dataDir, 'spool'), log)
  const version = readVersion(config.commitHash)
  const stopping = new AbortController()
  // Every open page listens.
  setMaxListeners(0, stopping.signal)

  return {
    config,
    log,
    db,
    queue,
    lifeline,
    spool,
    storeBuild: createBuildWriter(connection.pool),
    version,
    metrics: createMetrics({
      ...{ db, pool: connection.usage, spooled: spool.waiting },
      folders: { data: config.dataDir, packages: config.packageDir },
    }),
    view: createView({ cache: !config.development, version: version.app_version }),
    mailer: createMailer(config.mail),
    onRunEnd: createRunEndHook({ db, queue, publicUrl: config.publicUrl }),
    packages: { folder: config.packageDir },
    sessions: {
      jwtSecret: secrets.jwtSecret,
      adminPassword: secrets.adminPassword,
      sessionHours: config.sessionHours,
      allowedEmailDomains: config.allowedEmailDomains,
    },
    /** Whether a build's directory holds a package, as the settings say now. */
    async probePackage(packagePath: string, itemNames: string[]): Promise<boolean> {
      const { package_download_base_url } = await getSettings(db)
      return directoryHasPackage({ baseUrl: package_download_base_url, packagePath, itemNames })
    },
    async close() {
      await queue.boss.stop({ graceful: true, timeout: 6_000 })
      // Only now: as long as a submit is waited for, this process must not count as dead.
      await lifeline.close()
      await connection.close()
    },
    /** Aborts when the process begins to stop. */
    stopping: stopping.signal,
    beginStopping: () => stopping.abort(),
  }
}

function readVersion(commitHash: string | null) {
  const { version } = JSON.parse(readFileSync(pathInProject('package.json'), 'utf8'))
  return {
    app_name: 'CRAT',
    app_version: String(version),
    node_version: process.version,
    commit_hash: commitHash ?? readCommit(),
  }
}

/** From the checkout. */
function readCommit(): string {
  try {
    return execFileSync('git', ['rev-parse', 'HEAD'], {
      cwd: pathInProject('.'),
      stdio: ['ignore', 'pipe', 'ignore'],
    })
      .toString()
      .trim()
  } catch {
    return 'unknown'
  }
}
