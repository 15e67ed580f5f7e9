import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import pg from 'pg'
import type { Config } from '../config.ts'
import { isDatabaseUnavailable } from '../database/client.ts'
import { createSealer, type Sealer } from '../lib/sealer.ts'
import { maskUserInfo } from '../lib/secrets.ts'
import { DatabaseUnavailable, type Subject } from './check.ts'

export interface OwnSubject extends Subject {
  close(): Promise<void>
}

const TIMEOUT_MS = 5_000

/** For a program of its own, which starts nothing and leaves nothing. */
export async function openSubject(
  config: Config,
  env: NodeJS.ProcessEnv,
  timeoutMs = TIMEOUT_MS,
): Promise<OwnSubject> {
  const url = config.databaseUrl ?? (await embeddedUrl(config))
  const pool = url === null ? null : createPool(url, timeoutMs)
  return {
    ...{ config, env, sealer: await sealerOf(config) },
    query: (sql, values) => queryPool(pool, sql, values),
    close: async () => pool?.end(),
  }
}

function createPool(connectionString: string, timeoutMs: number): pg.Pool {
  const pool = new pg.Pool({
    ...{ connectionString, max: 4, application_name: 'crat-doctor', connectionTimeoutMillis: timeoutMs },
    ...{ statement_timeout: timeoutMs, query_timeout: timeoutMs },
  })
  pool.on('error', () => {})
  return pool
}

/** Of the embedded server where it runs. */
async function embeddedUrl({ dataDir }: Config): Promise<string | null> {
  const { openCluster } = await import('../postgres/cluster.ts')
  const { addressOf, databaseUrl } = await import('../postgres/connection.ts')
  const { findServer } = await import('../postgres/server.ts')
  const folder = join(dataDir, 'postgres')
  try {
    const cluster = await openCluster(folder)
    const server = await findServer(cluster)
    return server && databaseUrl(await addressOf(cluster, server.port))
  } catch {
    // Never started here.
    return null
  }
}

export async function queryPool<Row extends object>(
  pool: pg.Pool | null,
  sql: string,
  values: unknown[] = [],
): Promise<Row[]> {
  if (!pool) throw new DatabaseUnavailable('')
  try {
    return (await pool.query<Row>(sql, values)).rows
  } catch (error) {
    const { message, code } = error as { message: string; code?: string }
    // 28: a wrong password; 3D: no such database; 57014: a statement that takes too long.
    const refused =
      /^(28|3D)/.test(code ?? '') || /ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EHOSTUNREACH/.test(code ?? '')
    if (code !== '57014' && (refused || isDatabaseUnavailable(error)))
      throw new DatabaseUnavailable(maskUserInfo(message || (code ?? '')), { cause: error })
    throw error
  }
}

async function sealerOf({ jwtSecret, previousJwtSecret, dataDir }: Config): Promise<Sealer | null> {
  const secret = jwtSecret ?? (await readFile(join(dataDir, 'jwt-secret'), 'utf8').catch(() => '')).trim()
  return secret ? createSealer([secret, ...(previousJwtSecret ? [previousJwtSecret] : [])]) : null
}
