import { isIP } from 'node:net'
import * as z from 'zod'
import { nextTime } from './lib/cron.ts'
import { isLoopback } from './lib/loopback.ts'

export const wholeNumber = (min: number, max: number) => {
  const error = `must be a whole number from ${min} to ${max}`
  return z.string().regex(/^\d+$/, error).transform(Number).pipe(z.number().min(min, error).max(max, error))
}

export const schedule = z
  .string()
  .trim()
  .refine(text => nextTime(text, 'UTC', new Date()) !== null, "must be a schedule in cron's five fields")

export const positiveNumber = (max: number) => {
  const error = `must be a number above 0, at most ${max}`
  return z
    .string()
    .regex(/^\d+(\.\d+)?$/, error)
    .transform(Number)
    .pipe(z.number(error).positive(error).max(max, error))
}

export const httpUrl = z
  .url({ protocol: /^https?$/, error: 'must be an absolute http or https URL' })
  .transform(url => url.replace(/\/+$/, ''))

export const postgresUrl = z.url({
  protocol: /^postgres(ql)?$/,
  error: 'must be a PostgreSQL URL such as postgresql://user:password@host:5432/crat',
})

/** CRAT 1.x also accepted `host=… user=… password=… dbname=… port=… sslmode=…`. */
export const dsn = z
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

export const exactList = z.string().transform(text =>
  text
    .split(',')
    .map(part => part.trim())
    .filter(Boolean),
)

export const list = exactList.transform(parts => parts.map(part => part.toLowerCase()))

export const emailList = list.refine(
  all => all.every(each => z.email().safeParse(each).success),
  'must be e-mail addresses',
)

/** Base32 of 128 bits or more, as authenticator apps take it. */
export const totpSecret = z
  .string()
  .transform(text => text.replace(/[\s=-]/g, '').toUpperCase())
  .pipe(z.string().regex(/^[A-Z2-7]{26,}$/, 'must be base32 of 26 characters or more'))

export const issuerUrl = httpUrl.refine(
  url => url.startsWith('https:') || isLoopback(new URL(url).hostname),
  'must be https; http only on this machine',
)

export const ldapUrl = z.url({
  protocol: /^ldaps?$/,
  error: 'must be a URL such as ldaps://ldap.example.com',
})

export const distinguishedName = z
  .string()
  .regex(/^[^=,]+=/, 'must be a distinguished name, such as ou=people,dc=example,dc=com')

export const ldapFilter = z
  .string()
  .regex(/^\(.*\{\{login\}\}.*\)$/, 'must be an LDAP filter that contains {{login}}')

/** Express's `trust proxy`: a number of proxies, all or none, or their addresses. */
export const trustProxy = z
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

export const hostNames = list.refine(
  names => names.every(name => /^(\[[\da-f:.]+\]|[^\s/:@[\]]+)(:\d{1,5})?$/.test(name)),
  'must be host names such as crat.example.com,build-server, without a scheme',
)
