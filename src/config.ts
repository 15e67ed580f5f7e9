import type * as z from 'zod'
import { environment } from './config-schema.ts'

type Environment = z.output<typeof environment>

export type Config = Readonly<ReturnType<typeof configFrom>>

export class ConfigError extends Error {
  readonly lines: string[]
  constructor(lines: string[]) {
    super(lines.join('\n'))
    this.lines = lines
  }
}

export function readConfig(env: NodeJS.ProcessEnv): Config {
  // `NAME=` in .env means unset.
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value?.trim()))
  const parsed = environment.safeParse(given)
  if (parsed.success) return Object.freeze(configFrom(parsed.data))
  throw new ConfigError(
    parsed.error.issues.map(({ path, message }) => {
      const name = String(path[0])
      const value = given[name]
      const shown =
        value === undefined || /PASS|SECRET|TOKEN|URL|DSN|ISSUER/.test(name) ? '' : ` (it is "${value}")`
      return `${name}: ${message}${shown}`
    }),
  )
}

export function loadEnvFile(path = '.env'): void {
  try {
    process.loadEnvFile(path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
  }
}

function configFrom(env: Environment) {
  const port = env.PORT
  return {
    port,
    host: env.HOST,
    publicUrl: publicUrlOf(env),
    publicUrlGiven: env.PUBLIC_URL !== undefined,
    databaseUrl: env.DATABASE_URL ?? env.SQL_DSN ?? null,
    maxConnections: env.SQL_MAX_OPEN_CONNS,
    dataDir: env.DATA_DIR,
    packageDir: env.PACKAGE_DIR ?? `${env.DATA_DIR}/packages`,
    packageKeepDays: env.PACKAGE_KEEP_DAYS,
    packageKeepBytes: env.PACKAGE_KEEP_GB * 1024 ** 3,
    cleanUpSchedule: env.CLEAN_UP_SCHEDULE,
    adminPassword: env.ADMIN_PASSWD ?? null,
    jwtSecret: env.JWT_SECRET ?? null,
    previousJwtSecret: env.PREVIOUS_JWT_SECRET ?? null,
    adminTotpSecret: env.ADMIN_TOTP_SECRET ?? null,
    adminEmails: env.ADMIN_EMAILS,
    sessionHours: env.SESSION_HOURS,
    sessionsPerUser: env.SESSIONS_PER_USER,
    webhookToken: env.WEBHOOK_TOKEN ?? null,
    allowedEmailDomains: env.ALLOWED_EMAIL_DOMAINS,
    allowedFetchHosts: env.ALLOWED_FETCH_HOSTS,
    metricsToken: env.METRICS_TOKEN ?? null,
    allowedHosts: env.ALLOWED_HOSTS,
    loginMode: env.LOGIN_MODE,
    oidc: oidcConfig(env),
    ldap: ldapConfig(env),
    trustProxy: env.TRUST_PROXY,
    mail: mailConfig(env),
    mailFrom: env.EMAIL_SEND_FROM ?? env.EMAIL_SEND_USERNAME ?? null,
    logLevel: env.DEBUG === 'true' ? ('debug' as const) : env.LOG_LEVEL,
    role: env.ROLE,
    tracing: wantsTraces(env),
    commitHash: env.COMMIT_HASH ?? null,
    development: env.NODE_ENV === 'development',
  }
}

function wantsTraces(env: Environment): boolean {
  if (env.OTEL_TRACES_EXPORTER === 'none') return false
  return Boolean(env.OTEL_TRACES_EXPORTER ?? env.OTEL_EXPORTER_OTLP_ENDPOINT)
}

function mailConfig(env: Environment) {
  if (!env.EMAIL_SEND_SERVER) return null
  return {
    host: env.EMAIL_SEND_SERVER,
    port: env.EMAIL_SEND_SERVER_PORT,
    user: env.EMAIL_SEND_USERNAME ?? null,
    password: env.EMAIL_SEND_PASSWORD ?? null,
    from: env.EMAIL_SEND_FROM ?? env.EMAIL_SEND_USERNAME ?? '',
    tls: env.EMAIL_SEND_TLS,
  }
}

const publicUrlOf = (env: Environment) => env.PUBLIC_URL ?? `http://localhost:${env.PORT}`

function oidcConfig(env: Environment) {
  if (env.LOGIN_MODE !== 'oidc') return null
  return {
    issuer: env.OIDC_ISSUER ?? '',
    clientId: env.OIDC_CLIENT_ID ?? '',
    clientSecret: env.OIDC_CLIENT_SECRET ?? '',
    redirectUrl: `${publicUrlOf(env)}/login/oidc`,
    adminGroups: env.OIDC_ADMIN_GROUPS,
  }
}

function ldapConfig(env: Environment) {
  if (env.LOGIN_MODE !== 'ldap') return null
  return {
    url: env.LDAP_URL ?? '',
    bindDn: env.LDAP_BIND_DN ?? null,
    bindPassword: env.LDAP_BIND_PASSWORD ?? '',
    searchBase: env.LDAP_SEARCH_BASE ?? '',
    filter: env.LDAP_FILTER,
    adminGroup: env.LDAP_ADMIN_GROUP ?? null,
  }
}
