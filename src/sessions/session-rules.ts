export interface SessionRules {
  jwtSecret: string
  adminPassword: string
  sessionHours: number
  /** Empty: any. */
  allowedEmailDomains: readonly string[]
}
