import * as z from 'zod'
import {
  distinguishedName,
  dsn,
  emailList,
  exactList,
  hostNames,
  httpUrl,
  issuerUrl,
  ldapFilter,
  ldapUrl,
  list,
  positiveNumber,
  postgresUrl,
  schedule,
  totpSecret,
  trustProxy,
  wholeNumber,
} from './config-fields.ts'
import { weakSecrets } from './weak-secrets.ts'

/** Report all mistakes at once: check combinations even where a single value is invalid. */
const always = () => true

export const environment = z
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
    CLEAN_UP_SCHEDULE: schedule.default('41 * * * *'),
    ADMIN_PASSWD: z.string().optional(),
    JWT_SECRET: z.string().optional(),
    PREVIOUS_JWT_SECRET: z.string().optional(),
    ADMIN_TOTP_SECRET: totpSecret.optional(),
    ADMIN_EMAILS: emailList.default([]),
    SESSION_HOURS: positiveNumber(87_600).default(24),
    SESSIONS_PER_USER: wholeNumber(1, 1000).default(5),
    WEBHOOK_TOKEN: z.string().optional(),
    ALLOW_WEAK_SECRETS: z.enum(['true', 'false'], 'must be true or false').default('false'),
    ALLOWED_EMAIL_DOMAINS: list.default([]),
    ALLOWED_FETCH_HOSTS: list.default([]),
    METRICS_TOKEN: z.string().optional(),
    ALLOWED_HOSTS: hostNames.default([]),
    LOGIN_MODE: z
      .enum(['email', 'link', 'oidc', 'ldap'], 'must be email, link, oidc or ldap')
      .default('email'),
    OIDC_ISSUER: issuerUrl.optional(),
    OIDC_CLIENT_ID: z.string().optional(),
    OIDC_CLIENT_SECRET: z.string().optional(),
    // Case matters in the names of groups.
    OIDC_ADMIN_GROUPS: exactList.default([]),
    LDAP_URL: ldapUrl.optional(),
    LDAP_BIND_DN: distinguishedName.optional(),
    LDAP_BIND_PASSWORD: z.string().optional(),
    LDAP_SEARCH_BASE: distinguishedName.optional(),
    LDAP_FILTER: ldapFilter.default('(mail={{login}})'),
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
    OTEL_EXPORTER_OTLP_ENDPOINT: httpUrl.optional(),
    OTEL_TRACES_EXPORTER: z.string().optional(),
    ROLE: z.enum(['all', 'web', 'worker'], 'must be all, web or worker').default('all'),
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
