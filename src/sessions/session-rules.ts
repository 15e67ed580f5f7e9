import type { KeyObject } from 'node:crypto'

export interface SessionRules {
  jwtKey: KeyObject
  adminPassword: string
  sessionHours: number
  /** Empty: any. */
  allowedEmailDomains: readonly string[]
}
