import type { KeyObject } from 'node:crypto'

export type LoginMode = 'email' | 'link' | 'oidc' | 'ldap'

/** How the owner of a session logged in. */
export type LoginMethod = LoginMode | 'password'

export interface SessionRules {
  jwtKey: KeyObject
  adminPassword: string
  /** Base32; the admin's password then needs a one-time code as well. */
  adminTotpSecret: string | null
  /** Admins, once they proved who they are. */
  adminEmails: readonly string[]
  sessionHours: number
  sessionsPerUser: number
  loginMode: LoginMode
  /** Empty: any. */
  allowedEmailDomains: readonly string[]
  /** For links in mails. */
  publicUrl: string
}
