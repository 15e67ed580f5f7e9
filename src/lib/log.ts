import { type Logger, pino } from 'pino'
import { activeIds, isTracing } from './spans.ts'

export type Log = Logger

export function createLog(level: string): Log {
  return pino({ level, redact: ['*.password'], ...(isTracing() && { mixin: activeIds }) })
}
