import { isIP } from 'node:net'
import { z } from 'zod'
import { isLoopback } from './lib/loopback.ts'
import { weakSecrets } from './weak-secrets.ts'

/** Everything the environment says, parsed and checked. The only reader of process.env. */
export type Config = Readonly<z.output<typeof environment>>

/** Mistakes in the environment, one line each. */
export class ConfigError extends Error {
  readonly lines: string[]
  constructor(lines: string[]) {
    super(lines.join('\n'))
    this.lines = lines
  }
}

const wholeNumber = (min: number, max: number) => {
  const says = `must be a whole number from ${min} to ${max}`
  return z.string().regex(/^\d+$/, says).transform(Number).pipe(z.number().min(min, says).max(max, says))
}

const positiveNumber = (max: number) => {
  const says = `must be a number above 0, at most ${max}`
  return z
    .string()
    .regex(/^\d+(\.\d+)?$/, says)
    .transform(Number)
    .pipe(z.number(says).positive(says).max(max, says))
}

const httpUrl = z
  .url({ protocol: /^https?$/, error: 'must be an absolute http or https URL' })
  .transform(url => url.replace(/\/+$/, ''))

const postgresUrl = z.url({
  protocol: /^postgres(ql)?$/,
  error: 'must be a PostgreSQL URL such as postgresql://user:password@host:5432/crat',
})

/** CRAT 1.x also took `host=… user=… password=… dbname=… port=… sslmode=…`. */
const dsn = z
  .string()
  .transform(text => (/^\s*\w+\s*=/.test(text) ? urlFromKeywords(text) : text))
  .pipe(postgresUrl)

function urlFromKeywords(text: string): string {
  const pairs = [...text.matchAll(/(\w+)\s*=\s*(?:'((?:[^'\\]|\\.)*)'|(\S+))/g)]
  const given = Object.fromEntries(
    pairs.map(([, key, quoted, bare]) => [key, quoted?.replace(/\\(.)/g, '$1') ?? bare]),
  )
  const { host = 'localhost', port = '5432', user = '', password, dbname = user, sslmode } = given
  const secret = password === undefined ? '' : `:${encodeURIComponent(password)}`
  const query = sslmode === undefined ? '' : `?sslmode=${encodeURIComponent(sslmode)}`
  return `postgresql://${encodeURIComponent(user)}${secret}@${host}:${port}/${encodeURIComponent(dbname)}${query}`
}

const exactList = z.string().transform(text =>
  text
    .split(',')
    .map(part => part.trim())
    .filter(Boolean),
)
const list = exactList.transform(parts => parts.map(part => part.toLowerCase()))

const distinguishedName = z
  .string()
  .regex(/^[^=,]+=/, 'must be a distinguished name, such as ou=people,dc=example,dc=com')

const isEncryptedOrLocal = (url: string) => url.startsWith('https:') || isLoopback(new URL(url).hostname)

/** What Express takes: how many proxies, all or none, or which. */
const trustProxy = z
  .string()
  .refine(
    value => /^(\d{1,3}|true|false|on|off|yes|no)$/.test(value) || value.split(',').every(isProxy),
    'must be a number of proxies, on, off, or addresses such as loopback, 10.0.0.0/8',
  )
  .transform(value => {
    if (/^\d+$/.test(value)) return Number(value)
    return /^(true|false|on|off|yes|no)$/.test(value) ? /^(true|on|yes)$/.test(value) : value
  })

function isProxy(text: string): boolean {
  if (/^(loopback|linklocal|uniquelocal)$/.test(text.trim())) return true
  const [address = '', bits, ...more] = text.trim().split('/')
  const most = { 0: -1, 4: 32, 6: 128 }[isIP(address)] ?? -1
  return (
    more.length === 0 &&
    most > 0 &&
    (bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) > 0 && Number(bits) <= most))
  )
}

/** Mistakes are told all at once: also what belongs together is looked at where a single value is wrong. */
const always = () => true

const environment = z
  .object({
    PORT: wholeNumber(0, 65_535).default(8000),
    HOST: z.string().default('0.0.0.0'),
    PUBLIC_URL: httpUrl.optional(),
    DATABASE_URL: postgresUrl.optional(),
    SQL_DSN: dsn.optional(),
    SQL_MAX_OPEN_CONNS: wholeNumber(2, 1000).default(10),
    DATA_DIR: z.string().default('./data'),
    PACKAGE_DIR: z.string().optional(),
    PACKAGE_KEEP_DAYS: positiveNumber(36_500).default(7),
    PACKAGE_KEEP_GB: positiveNumber(1_000_000).default(20),
    ADMIN_PASSWD: z.string().optional(),
    JWT_SECRET: z.string().optional(),
    ADMIN_TOTP_SECRET: z
      .string()
      .transform(text => text.replace(/[\s=-]/g, '').toUpperCase())
      .pipe(z.string().regex(/^[A-Z2-7]{26,}$/, 'must be base32 of 26 characters or more'))
      .optional(),
    ADMIN_EMAILS: list
      .refine(all => all.every(each => z.email().safeParse(each).success), 'must be e-mail addresses')
      .default([]),
    SESSION_HOURS: positiveNumber(87_600).default(24),
    SESSIONS_PER_USER: wholeNumber(1, 1000).default(5),
    WEBHOOK_TOKEN: z.string().optional(),
    ALLOW_WEAK_SECRETS: z.enum(['true', 'false'], 'must be true or false').default('false'),
    ALLOWED_EMAIL_DOMAINS: list.default([]),
    LOGIN_MODE: z
      .enum(['email', 'link', 'oidc', 'ldap'], 'must be email, link, oidc or ldap')
      .default('email'),
    OIDC_ISSUER: httpUrl
      .refine(isEncryptedOrLocal, { error: 'must be https; http only on this machine' })
      .optional(),
    OIDC_CLIENT_ID: z.string().optional(),
    OIDC_CLIENT_SECRET: z.string().optional(),
    // As the provider writes them: other letters are another group.
    OIDC_ADMIN_GROUPS: exactList.default([]),
    LDAP_URL: z
      .url({ protocol: /^ldaps?$/, error: 'must be a URL such as ldaps://ldap.example.com' })
      .optional(),
    LDAP_BIND_DN: distinguishedName.optional(),
    LDAP_BIND_PASSWORD: z.string().optional(),
    LDAP_SEARCH_BASE: distinguishedName.optional(),
    LDAP_FILTER: z
      .string()
      .regex(/^\(.*\{\{login\}\}.*\)$/, 'must be an LDAP filter that contains {{login}}')
      .default('(mail={{login}})'),
    LDAP_ADMIN_GROUP: distinguishedName.optional(),
    TRUST_PROXY: trustProxy.default(false),
    EMAIL_SEND_SERVER: z.string().optional(),
    EMAIL_SEND_SERVER_PORT: wholeNumber(1, 65_535).default(465),
    EMAIL_SEND_USERNAME: z.string().optional(),
    EMAIL_SEND_PASSWORD: z.string().optional(),
    EMAIL_SEND_FROM: z
      .string()
      .regex(/[^\s@]@[^\s@]/, 'must be an e-mail address, such as crat@example.com')
      .optional(),
    EMAIL_SEND_TLS: z.enum(['auto', 'off'], 'must be auto or off').default('auto'),
    LOG_LEVEL: z
      .enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'], {
        error: 'must be one of trace, debug, info, warn, error, fatal, silent',
      })
      .default('info'),
    DEBUG: z.string().optional(),
    ROLE: z.enum(['all', 'web', 'worker'], 'must be all, web or worker').default('all'),
    // Not for people: the image says what it was made from, the development script that templates are being edited.
    COMMIT_HASH: z.string().optional(),
    NODE_ENV: z.string().optional(),
  })
  .refine(env => !env.EMAIL_SEND_SERVER || env.EMAIL_SEND_FROM || env.EMAIL_SEND_USERNAME, {
    path: ['EMAIL_SEND_FROM'],
    error: 'must be set where EMAIL_SEND_SERVER is set and EMAIL_SEND_USERNAME is not',
    when: always,
  })
  .refine(env => env.LOGIN_MODE !== 'link' || env.EMAIL_SEND_SERVER, {
    path: ['LOGIN_MODE'],
    error: 'link needs a mail server: set EMAIL_SEND_SERVER',
    when: always,
  })
  .refine(
    env => env.LOGIN_MODE !== 'oidc' || (env.OIDC_ISSUER && env.OIDC_CLIENT_ID && env.OIDC_CLIENT_SECRET),
    {
      path: ['LOGIN_MODE'],
      error: 'oidc needs OIDC_ISSUER, OIDC_CLIENT_ID and OIDC_CLIENT_SECRET',
      when: always,
    },
  )
  .refine(env => env.LOGIN_MODE !== 'ldap' || (env.LDAP_URL && env.LDAP_SEARCH_BASE), {
    path: ['LOGIN_MODE'],
    error: 'ldap needs LDAP_URL and LDAP_SEARCH_BASE',
    when: always,
  })
  .superRefine(
    (env, context) => {
      for (const { name, message } of weakSecrets(env))
        context.addIssue({ code: 'custom', path: [name], message })
    },
    { when: always },
  )
  .transform(env => {
    const port = env.PORT
    return {
      port,
      host: env.HOST,
      publicUrl: env.PUBLIC_URL ?? `http://localhost:${port}`,
      databaseUrl: env.DATABASE_URL ?? env.SQL_DSN ?? null,
      maxConnections: env.SQL_MAX_OPEN_CONNS,
      dataDir: env.DATA_DIR,
      packageDir: env.PACKAGE_DIR ?? `${env.DATA_DIR}/packages`,
      packageKeepDays: env.PACKAGE_KEEP_DAYS,
      packageKeepBytes: env.PACKAGE_KEEP_GB * 1024 ** 3,
      adminPassword: env.ADMIN_PASSWD ?? null,
      jwtSecret: env.JWT_SECRET ?? null,
      adminTotpSecret: env.ADMIN_TOTP_SECRET ?? null,
      adminEmails: env.ADMIN_EMAILS,
      sessionHours: env.SESSION_HOURS,
      sessionsPerUser: env.SESSIONS_PER_USER,
      webhookToken: env.WEBHOOK_TOKEN ?? null,
      allowedEmailDomains: env.ALLOWED_EMAIL_DOMAINS,
      loginMode: env.LOGIN_MODE,
      oidc:
        env.LOGIN_MODE === 'oidc'
          ? {
              issuer: env.OIDC_ISSUER ?? '',
              clientId: env.OIDC_CLIENT_ID ?? '',
              clientSecret: env.OIDC_CLIENT_SECRET ?? '',
              redirectUrl: `${env.PUBLIC_URL ?? `http://localhost:${port}`}/login/oidc`,
              adminGroups: env.OIDC_ADMIN_GROUPS,
            }
          : null,
      ldap:
        env.LOGIN_MODE === 'ldap'
          ? {
              url: env.LDAP_URL ?? '',
              bindDn: env.LDAP_BIND_DN ?? null,
              bindPassword: env.LDAP_BIND_PASSWORD ?? '',
              searchBase: env.LDAP_SEARCH_BASE ?? '',
              filter: env.LDAP_FILTER,
              adminGroup: env.LDAP_ADMIN_GROUP ?? null,
            }
          : null,
      trustProxy: env.TRUST_PROXY,
      mail: env.EMAIL_SEND_SERVER
        ? {
            host: env.EMAIL_SEND_SERVER,
            port: env.EMAIL_SEND_SERVER_PORT,
            user: env.EMAIL_SEND_USERNAME ?? null,
            password: env.EMAIL_SEND_PASSWORD ?? null,
            from: env.EMAIL_SEND_FROM ?? env.EMAIL_SEND_USERNAME ?? '',
            tls: env.EMAIL_SEND_TLS,
          }
        : null,
      mailFrom: env.EMAIL_SEND_FROM ?? env.EMAIL_SEND_USERNAME ?? null,
      logLevel: env.DEBUG === 'true' ? ('debug' as const) : env.LOG_LEVEL,
      role: env.ROLE,
      commitHash: env.COMMIT_HASH ?? null,
      development: env.NODE_ENV === 'development',
    }
  })

/** Parses the environment; throws a ConfigError that names every mistake at once. */
export function readConfig(env: NodeJS.ProcessEnv): Config {
  // `NAME=` in .env means: not set.
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value?.trim()))
  const parsed = environment.safeParse(given)
  if (parsed.success) return Object.freeze(parsed.data)
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

/** `.env` beside the program, if there is one; the real environment wins. */
export function loadEnvFile(path = '.env'): void {
  try {
    process.loadEnvFile(path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
  }
}
