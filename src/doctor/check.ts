import type { Config } from '../config.ts'
import type { AppError } from '../lib/errors.ts'
import type { Params } from '../lib/i18n.ts'
import type { Sealer } from '../lib/sealer.ts'

export type Status = 'ok' | 'warning' | 'failed' | 'skipped'

export interface Finding {
  status: Status
  /** Of what was seen; `doctor:advice.<key>` says what to do unless it is ok. */
  key: string
  params: Params
  /** Its sentence, in the reader's language, is the param `reason`. */
  error?: AppError
}

/** What the checks look at. */
export interface Subject {
  config: Config
  /** As configured, for what the configuration does not keep. */
  env: NodeJS.ProcessEnv
  /** Null where nothing is sealed yet. */
  sealer: Sealer | null
  /** Throws DatabaseUnavailable where there is no answer. */
  query<Row extends object>(sql: string, values?: unknown[]): Promise<Row[]>
}

export type Check = (subject: Subject, signal: AbortSignal) => Promise<Finding[]>

export class DatabaseUnavailable extends Error {}

export const ok = (key: string, params: Params = {}): Finding => ({ status: 'ok', key, params })
export const warning = (key: string, params: Params = {}, error?: AppError): Finding => ({
  ...{ status: 'warning', key, params },
  ...(error && { error }),
})
export const failed = (key: string, params: Params = {}, error?: AppError): Finding => ({
  ...{ status: 'failed', key, params },
  ...(error && { error }),
})
