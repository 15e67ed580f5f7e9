import { ExternalError } from '../../lib/errors.ts'
import type { Params } from '../../lib/i18n.ts'
import { oneLine } from '../../lib/text.ts'

export class LdapError extends ExternalError {
  constructor(key: string, params: Params, cause?: unknown) {
    super(key, params, { permanent: false, cause })
  }
}

export function ldapErrorFrom(host: string, error: unknown): LdapError {
  if (error instanceof LdapError) return error
  const reason = oneLine((error as Error).message).slice(0, 300)
  const { name, code } = error as { name?: string; code?: unknown }
  if (name === 'InvalidCredentialsError') return new LdapError('ldap:bind', { host, reason }, error)
  if (/CERT|SELF_SIGNED|SSL|TLS/.test(`${code}`)) return new LdapError('ldap:tls', { host, reason }, error)
  return new LdapError('ldap:failed', { host, reason }, error)
}
