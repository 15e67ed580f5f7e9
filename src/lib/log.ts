import { type Logger, pino } from 'pino'

export type Log = Logger

/** One line of JSON per event; secrets never reach it. */
export function createLog(level: string): Log {
  return pino({ level, redact: ['*.password'] })
}
