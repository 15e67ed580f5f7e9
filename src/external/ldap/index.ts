import type { Client, Entry } from 'ldapts'
import { withConnection } from './connection.ts'
import { escapeFilterValue, filterFor } from './filter.ts'
import { LdapError, ldapErrorFrom } from './ldap-error.ts'

export { LdapError }

export interface LdapConfig {
  /** ldaps://, or ldap://, which is then encrypted by StartTLS. */
  url: string
  bindDn: string | null
  bindPassword: string
  searchBase: string
  /** `{{login}}` stands for the name that was typed. */
  filter: string
  adminGroup: string | null
}

export interface LdapIdentity {
  email: string
  inAdminGroup: boolean
  groups: string[]
}

export interface LdapDirectory {
  /** Returns null for a wrong name or password. Throws LdapError where the directory cannot say. */
  authenticate(login: string, password: string): Promise<LdapIdentity | null>
}

export function createLdapDirectory(config: LdapConfig): LdapDirectory {
  const { host } = new URL(config.url)
  return {
    async authenticate(login, password) {
      // A bind without a password is anonymous, and succeeds.
      if (!login || !password) return null
      try {
        return await withConnection(config.url, client => authenticate(client, config, login, password))
      } catch (error) {
        throw ldapErrorFrom(host, error)
      }
    },
  }
}

async function authenticate(
  client: Client,
  config: LdapConfig,
  login: string,
  password: string,
): Promise<LdapIdentity | null> {
  if (config.bindDn) await client.bind(config.bindDn, config.bindPassword)
  const entry = await findEntry(client, config, login)
  if (!entry) return null
  const inAdminGroup = await isInAdminGroup(client, config, entry)
  if (!(await isPassword(client, entry.dn, password))) return null
  const email = valuesOf(entry, 'mail')[0]
  if (!email) throw new LdapError('ldap:no_mail', { dn: entry.dn })
  return { email, inAdminGroup, groups: valuesOf(entry, 'memberOf') }
}

async function findEntry(
  client: Client,
  { searchBase, filter }: LdapConfig,
  login: string,
): Promise<Entry | null> {
  const { searchEntries } = await client.search(searchBase, {
    scope: 'sub',
    filter: filterFor(filter, login),
    attributes: ['mail', 'memberOf'],
    sizeLimit: 2,
  })
  // Of several nobody knows whose password it would be.
  return searchEntries.length === 1 ? (searchEntries[0] ?? null) : null
}

async function isInAdminGroup(client: Client, { adminGroup }: LdapConfig, entry: Entry): Promise<boolean> {
  if (!adminGroup) return false
  if (valuesOf(entry, 'memberOf').some(dn => normalDn(dn) === normalDn(adminGroup))) return true
  const { NoSuchObjectError } = await import('ldapts')
  const dn = escapeFilterValue(entry.dn)
  try {
    const filter = `(|(member=${dn})(uniqueMember=${dn}))`
    const { searchEntries } = await client.search(adminGroup, { scope: 'base', filter, attributes: ['cn'] })
    return searchEntries.length > 0
  } catch (error) {
    if (error instanceof NoSuchObjectError) return false
    throw error
  }
}

async function isPassword(client: Client, dn: string, password: string): Promise<boolean> {
  const { ConstraintViolationError, InvalidCredentialsError, UnwillingToPerformError } = await import(
    'ldapts'
  )
  try {
    await client.bind(dn, password)
    return true
  } catch (error) {
    // The latter two are what directories say of an account that is locked.
    const refusals = [InvalidCredentialsError, ConstraintViolationError, UnwillingToPerformError]
    if (refusals.some(refusal => error instanceof refusal)) return false
    throw error
  }
}

function valuesOf(entry: Entry, attribute: string): string[] {
  return Object.entries(entry)
    .filter(([name]) => name.toLowerCase() === attribute.toLowerCase())
    .flatMap(([, value]) => value)
    .map(String)
}

const normalDn = (dn: string) => dn.replace(/\s*([,=])\s*/g, '$1').toLowerCase()
