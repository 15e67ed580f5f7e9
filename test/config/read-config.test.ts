import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { parseEnv } from 'node:util'
import { ConfigError, readConfig } from '../../src/config.ts'

/** What is wrong with an environment, line by line. */
function mistakes(env: Record<string, string>): string[] {
  try {
    readConfig(env)
    return []
  } catch (error) {
    assert.ok(error instanceof ConfigError)
    return error.lines
  }
}

const example = readFileSync(new URL('../../.env.example', import.meta.url), 'utf8')

// biome-ignore format: a list
const NAMES = [
  'PORT', 'HOST', 'PUBLIC_URL', 'DATABASE_URL', 'SQL_DSN', 'SQL_MAX_OPEN_CONNS', 'DATA_DIR', 'PACKAGE_DIR',
  'PACKAGE_KEEP_DAYS', 'PACKAGE_KEEP_GB', 'CLEAN_UP_SCHEDULE', 'ADMIN_PASSWD', 'JWT_SECRET', 'SESSION_HOURS', 'WEBHOOK_TOKEN',
  'ADMIN_EMAILS', 'ADMIN_TOTP_SECRET', 'SESSIONS_PER_USER', 'ALLOW_WEAK_SECRETS', 'OIDC_ISSUER', 'OIDC_CLIENT_ID',
  'OIDC_CLIENT_SECRET', 'OIDC_ADMIN_GROUPS', 'LDAP_URL', 'LDAP_BIND_DN', 'LDAP_BIND_PASSWORD', 'LDAP_SEARCH_BASE',
  'LDAP_FILTER', 'LDAP_ADMIN_GROUP', 'ALLOWED_EMAIL_DOMAINS', 'LOGIN_MODE', 'TRUST_PROXY', 'EMAIL_SEND_SERVER', 'EMAIL_SEND_SERVER_PORT',
  'EMAIL_SEND_USERNAME', 'EMAIL_SEND_PASSWORD', 'EMAIL_SEND_FROM', 'EMAIL_SEND_TLS', 'LOG_LEVEL', 'DEBUG', 'ROLE',
]

describe('without an environment', () => {
  it('everything has its default', () => {
    const config = readConfig({})
    for (const [name, value] of Object.entries({
      port: 8000,
      host: '0.0.0.0',
      publicUrl: 'http://localhost:8000',
      databaseUrl: null,
      maxConnections: 10,
      dataDir: './data',
      packageDir: './data/packages',
      packageKeepDays: 7,
      packageKeepBytes: 20 * 1024 ** 3,
      adminPassword: null,
      jwtSecret: null,
      adminTotpSecret: null,
      adminEmails: [],
      sessionHours: 24,
      sessionsPerUser: 5,
      webhookToken: null,
      allowedEmailDomains: [],
      loginMode: 'email',
      oidc: null,
      ldap: null,
      trustProxy: false,
      mail: null,
      mailFrom: null,
      logLevel: 'info',
      role: 'all',
    }))
      assert.deepEqual(config[name as keyof typeof config], value, name)
  })

  it('what is empty is not set', () => {
    assert.deepEqual(readConfig(Object.fromEntries(NAMES.map(name => [name, ' ']))), readConfig({}))
  })
})

describe('.env.example', () => {
  it('lists every variable, and no other', () => {
    const listed = Object.keys(parseEnv(example))
    for (const name of NAMES) assert.ok(listed.includes(name), name)
    const source = readFileSync(new URL('../../src/config-schema.ts', import.meta.url), 'utf8')
    for (const name of listed) assert.match(source, new RegExp(`^    ${name}: `, 'm'), name)
  })

  it('says the defaults', () => {
    assert.deepEqual(readConfig(parseEnv(example)), readConfig({}))
  })

  it('explains each', () => {
    const unexplained = example
      .split('\n\n')
      .slice(1)
      .filter(part => !part.split('\n').some(line => /^# [A-Za-z]/.test(line)) && !/PORT=8000/.test(part))
    assert.deepEqual(unexplained, [])
  })
})

describe('what is set', () => {
  it('counts', () => {
    const config = readConfig({
      ...{ PORT: '9000', PUBLIC_URL: 'https://crat.example.com/', DATA_DIR: '/srv/crat', DEBUG: 'true' },
      ...{ ALLOWED_EMAIL_DOMAINS: 'Example.com, example.org,,', PACKAGE_KEEP_GB: '0.5', ROLE: 'worker' },
      ...{
        EMAIL_SEND_SERVER: 'smtp.example.com',
        EMAIL_SEND_USERNAME: 'crat@example.com',
        EMAIL_SEND_TLS: 'off',
      },
    })
    assert.deepEqual(
      [config.port, config.publicUrl, config.packageDir, config.logLevel, config.role],
      [9000, 'https://crat.example.com', '/srv/crat/packages', 'debug', 'worker'],
    )
    assert.deepEqual(config.allowedEmailDomains, ['example.com', 'example.org'])
    assert.equal(config.packageKeepBytes, 512 * 1024 ** 2)
    assert.deepEqual(config.mail, {
      ...{ host: 'smtp.example.com', port: 465, user: 'crat@example.com', password: null },
      ...{ from: 'crat@example.com', tls: 'off' },
    })
    assert.equal(readConfig({ PORT: '9000' }).publicUrl, 'http://localhost:9000')
  })

  it('DATABASE_URL goes before the name that CRAT 1.x had for it', () => {
    const SQL_DSN = 'postgres://crat@old/crat'
    assert.equal(readConfig({ SQL_DSN }).databaseUrl, SQL_DSN)
    assert.equal(
      readConfig({ SQL_DSN, DATABASE_URL: 'postgresql://crat@new/crat' }).databaseUrl,
      'postgresql://crat@new/crat',
    )
  })

  for (const [value, meaning] of [
    ['on', true],
    ['off', false],
    ['true', true],
    ['2', 2],
    ['loopback, 10.0.0.0/8', 'loopback, 10.0.0.0/8'],
    ['::1', '::1'],
  ] as const)
    it(`TRUST_PROXY=${value} is what Express takes`, () => {
      assert.equal(readConfig({ TRUST_PROXY: value }).trustProxy, meaning)
    })
})

describe('what makes no sense is named', () => {
  const wrong: Record<string, string[]> = {
    PORT: ['abc', '-1', '65536', '80.5', '0x50'],
    PUBLIC_URL: ['crat.example.com', 'ftp://crat.example.com'],
    DATABASE_URL: ['mysql://crat@host/crat', 'host=localhost dbname=crat'],
    SQL_DSN: ['crat:crat@tcp(localhost)/crat'],
    SQL_MAX_OPEN_CONNS: ['0', 'many'],
    PACKAGE_KEEP_DAYS: ['0', '-1', 'a week'],
    PACKAGE_KEEP_GB: ['0', '20GB'],
    CLEAN_UP_SCHEDULE: ['hourly', '61 * * * *', '* * * * * *'],
    SESSIONS_PER_USER: ['0', 'some'],
    ADMIN_EMAILS: ['boss'],
    ADMIN_TOTP_SECRET: ['12345678', 'GEZDGNBV'],
    ALLOW_WEAK_SECRETS: ['yes'],
    OIDC_ISSUER: ['login.example.com', 'http://login.example.com'],
    LDAP_URL: ['ldap.example.com', 'https://ldap.example.com'],
    LDAP_SEARCH_BASE: ['people'],
    LDAP_FILTER: ['mail={{login}}', '(mail=li.wei)'],
    SESSION_HOURS: ['0', 'NaN', '1e9', '9'.repeat(400)],
    LOGIN_MODE: ['password'],
    TRUST_PROXY: ['nginx', '10.0.0.0/99', '10.0.0', 'loopback,,'],
    EMAIL_SEND_SERVER_PORT: ['0', 'smtp'],
    EMAIL_SEND_FROM: ['crat'],
    EMAIL_SEND_TLS: ['on'],
    LOG_LEVEL: ['loud'],
    ROLE: ['boss'],
  }
  for (const [name, values] of Object.entries(wrong))
    it(name, () => {
      for (const value of values) {
        const [line = '', ...more] = mistakes({ [name]: value })
        assert.match(line, new RegExp(`^${name}: must .+`), value)
        assert.deepEqual(more, [], value)
      }
    })

  it('takes the DSN of CRAT 1.x as a URL or as keywords', () => {
    const urlOf = (dsn: string) => readConfig({ SQL_DSN: dsn }).databaseUrl
    assert.equal(urlOf('postgresql://crat:pw@db:5433/crat'), 'postgresql://crat:pw@db:5433/crat')
    assert.equal(
      urlOf(
        "host=db user=crat password='p w@:/' dbname=crat port=5433 sslmode=disable TimeZone=Asia/Shanghai",
      ),
      'postgresql://crat:p%20w%40%3A%2F@db:5433/crat?sslmode=disable',
    )
    assert.equal(urlOf('host=db user=crat dbname=crat'), 'postgresql://crat@db:5432/crat')
  })

  it('all at once, one line each', () => {
    const lines = mistakes({
      ...{ PORT: 'abc', ROLE: 'boss', LOGIN_MODE: 'link', EMAIL_SEND_TLS: 'on' },
      ...{ ADMIN_PASSWD: 'hunter2', DATABASE_URL: 'crat:hunter4@host' },
    })
    assert.deepEqual(lines.map(line => line.split(':')[0]).sort(), [
      'ADMIN_PASSWD',
      'DATABASE_URL',
      'EMAIL_SEND_TLS',
      'LOGIN_MODE',
      'PORT',
      'ROLE',
    ])
    assert.ok(lines.every(line => !line.includes('\n')))
    assert.doesNotMatch(lines.join(), /hunter/, 'secrets are not printed')
    assert.match(lines.join(), /PORT: must be a whole number from 0 to 65535 \(it is "abc"\)/)
  })

  it('also where it is what belongs together', () => {
    assert.match(mistakes({ LOGIN_MODE: 'link' }).join(), /^LOGIN_MODE: link needs a mail server/)
    assert.match(mistakes({ LOGIN_MODE: 'oidc' }).join(), /^LOGIN_MODE: oidc needs OIDC_ISSUER/)
    assert.match(mistakes({ LOGIN_MODE: 'ldap' }).join(), /^LOGIN_MODE: ldap needs LDAP_URL/)
    assert.match(mistakes({ EMAIL_SEND_SERVER: 'smtp.example.com' }).join(), /^EMAIL_SEND_FROM: must be set/)
  })
})
