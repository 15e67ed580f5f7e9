import type { KeyObject } from 'node:crypto'
import type { RateLimit } from '../lib/rate-limit.ts'

export type LoginMode = 'email' | 'link' | 'oidc' | 'ldap'

export type LoginMethod = LoginMode | 'password'

export interface SessionRules {
  jwtKey: KeyObject
  adminPassword: string
  /** Base32; the admin's password then needs a one-time code as well. */
  adminTotpSecret: string | null
  adminEmails: readonly string[]
  sessionHours: number
  sessionsPerUser: number
  loginMode: LoginMode
  allowedEmailDomains: readonly string[]
  publicUrl: string
  /** Of logins for which no password is typed: those have limits of their own. */
  logins: RateLimit
}
