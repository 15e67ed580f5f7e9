import { recordChange } from '../audit/audit.ts'
import type { Queryable } from '../database/client.ts'
import { AppError } from '../lib/errors.ts'
import type { Actor } from '../lib/person.ts'
import { protect } from '../lib/protect.ts'
import type { Sealer } from '../lib/sealer.ts'
import { getSettings } from './settings.ts'

export const SERVER_KEYS = [
  'package_build_info_base_url',
  'package_download_base_url',
  'external_test_server_url',
] as const
export type ServerKey = (typeof SERVER_KEYS)[number]

export interface ServerCheck {
  key: ServerKey
  tookMs: number
  error: AppError | null
}

/** Each throws AppError where the server cannot be reached, or read. */
export type ServerChecks = Record<ServerKey, (url: string) => Promise<void>>

interface Checker {
  db: Queryable
  sealer: Sealer
  checkServers: ServerChecks
}

/** Asks the server at this address, which need not be saved yet, now. */
export async function checkServer(
  { db, sealer, checkServers }: Checker,
  { key, url }: { key: ServerKey; url: string },
  actor: Actor,
): Promise<ServerCheck> {
  const given = protect(sealer, { [key]: url }, { stored: await getSettings(db) })
  const startedAt = performance.now()
  const error = await failureOf(checkServers[key], sealer.open(given[key] ?? ''))
  const tookMs = Math.round(performance.now() - startedAt)
  const after = { address: given[key] ?? '', reachable: !error, took_ms: tookMs }
  await recordChange(db, { actor, action: 'check server', subject: key, after })
  return { key, tookMs, error }
}

async function failureOf(check: ServerChecks[ServerKey], url: string): Promise<AppError | null> {
  try {
    await check(url)
    return null
  } catch (error) {
    if (error instanceof AppError) return error
    throw error
  }
}
