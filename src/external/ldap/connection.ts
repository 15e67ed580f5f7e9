import type { Client } from 'ldapts'
import { isLoopback } from '../../lib/loopback.ts'
import { LdapError } from './ldap-error.ts'

const TIMEOUT_MS = 10_000

/** Encrypted; in plain text only to this machine. */
export async function withConnection<T>(url: string, use: (client: Client) => Promise<T>): Promise<T> {
  const client = await connect(url)
  try {
    return await use(client)
  } finally {
    await client.unbind()
  }
}

async function connect(url: string): Promise<Client> {
  const { Client } = await import('ldapts')
  const { protocol, hostname: host } = new URL(url)
  const tls = { host, rejectUnauthorized: !isLoopback(host) }
  const options = { url, timeout: TIMEOUT_MS, connectTimeout: TIMEOUT_MS }
  if (protocol === 'ldaps:') return new Client({ ...options, tlsOptions: tls })
  const client = new Client(options)
  const refused = await startTls(client, tls)
  if (!refused) return client
  await client.unbind()
  if (isLoopback(host)) return new Client(options)
  throw new LdapError('ldap:no_starttls', { host, reason: refused })
}

async function startTls(client: Client, tls: object): Promise<string | null> {
  const { ResultCodeError } = await import('ldapts')
  try {
    await client.startTLS(tls)
    return null
  } catch (error) {
    if (error instanceof ResultCodeError) return error.message
    throw error
  }
}
