import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { formatDuration } from '../../lib/format.ts'
import { DatabaseUnavailable, type Finding, failed, ok, type Subject, warning } from '../check.ts'

const OLDEST_SERVER = 130_000
const SLOW_MS = 250

export async function checkDatabase({ query, config }: Subject): Promise<Finding[]> {
  const startedAt = performance.now()
  try {
    const [row] = await query<{ number: number; version: string }>(
      `SELECT current_setting('server_version_num')::int AS number, current_setting('server_version') AS version`,
    )
    const ms = performance.now() - startedAt
    const { number = 0, version = '' } = row ?? {}
    if (number < OLDEST_SERVER) return [failed('doctor:database_old', { version })]
    const took = formatDuration('en', ms)
    return [
      ms > SLOW_MS
        ? warning('doctor:database_slow', { version, took })
        : ok('doctor:database_ok', { version, took }),
    ]
  } catch (error) {
    if (!(error instanceof DatabaseUnavailable)) throw error
    const folder = resolve(config.dataDir, 'postgres')
    if (config.databaseUrl === null && !existsSync(folder))
      return [failed('doctor:no_database_here', { folder })]
    const key = config.databaseUrl === null ? 'doctor:embedded_down' : 'doctor:database_down'
    return [failed(key, { reason: error.message })]
  }
}
