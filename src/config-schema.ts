import { z } from 'zod'
import { dsn, httpUrl, list, positiveNumber, postgresUrl, trustProxy, wholeNumber } from './config-fields.ts'

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
    ADMIN_PASSWD: z.string().optional(),
    JWT_SECRET: z.string().optional(),
    PREVIOUS_JWT_SECRET: z.string().optional(),
    SESSION_HOURS: positiveNumber(87_600).default(24),
    WEBHOOK_TOKEN: z.string().optional(),
    ALLOWED_EMAIL_DOMAINS: list.default([]),
    ALLOWED_FETCH_HOSTS: list.default([]),
    METRICS_TOKEN: z.string().optional(),
    LOGIN_MODE: z.enum(['email', 'link'], 'must be email or link').default('email'),
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
    // Set by the container image and the development script.
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
