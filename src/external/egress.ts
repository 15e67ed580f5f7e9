import type { LookupAddress } from 'node:dns'
import type { LookupFunction } from 'node:net'
import { unescape as decode } from 'node:querystring'
import type { buildConnector, Dispatcher } from 'undici'
import { isForbidden, isOwn, type Resolve, resolveHost } from './addresses.ts'
import { CONNECT_TIMEOUT_MS, HttpError } from './http-error.ts'

/** What requests may reach whose address a listing, a task or a redirect named. */
export interface Egress {
  dispatcher: () => Promise<Dispatcher>
  /** Throws HttpError unless the host is the first URL's, trusted or allowed. */
  checkRedirect(first: URL, target: URL): void
  /** The header for a server whose configured address holds a user and a password. */
  authorization(url: URL): Record<string, string>
  /** The same, with the servers at these addresses trusted. */
  trusting(urls: string[]): Egress
}

export interface EgressRules {
  /** Names, or `*.example.com` for all below it. */
  allowedHosts?: string[]
  ownPorts?: () => number[]
  resolve?: Resolve
}

export function createEgress({ allowedHosts = [], ownPorts = () => [], resolve }: EgressRules = {}): Egress {
  let agent: Promise<Dispatcher> | undefined
  const dispatcher = () => {
    agent ??= createAgent(ownPorts, resolve)
    return agent
  }
  return egressOf(dispatcher, allowedHosts, [])
}

/** undici is loaded at the first request. */
async function createAgent(ownPorts: () => number[], resolve: Resolve | undefined): Promise<Dispatcher> {
  const { default: undici } = await import('undici')
  return new undici.Agent({ connect: connectTo(undici.buildConnector, ownPorts, resolve) })
}

type BuildConnector = typeof buildConnector

function egressOf(dispatcher: Egress['dispatcher'], allowedHosts: string[], trusted: URL[]): Egress {
  return {
    dispatcher,
    checkRedirect(first, target) {
      const isKnown = [first, ...trusted].some(({ hostname }) => hostname === target.hostname)
      if (isKnown || allowedHosts.some(allowed => names(allowed, target.hostname))) return
      const params = { url: first.href, host: target.hostname }
      throw new HttpError('http:redirect_host', params, { permanent: true })
    },
    authorization: url => authorizationOf(trusted.find(({ origin }) => origin === url.origin)),
    trusting: urls => egressOf(dispatcher, allowedHosts, parsed(urls)),
  }
}

const parsed = (urls: string[]) => urls.filter(url => URL.canParse(url)).map(url => new URL(url))

function names(allowed: string, host: string): boolean {
  return allowed.startsWith('*.') ? host.endsWith(allowed.slice(1)) : host === allowed
}

export function authorizationOf(url: URL | undefined): Record<string, string> {
  if (!url?.username && !url?.password) return {}
  const user = `${decode(url.username)}:${decode(url.password)}`
  return { authorization: `Basic ${Buffer.from(user).toString('base64')}` }
}

/** Resolves a host once, and connects to the addresses that were checked: a second answer cannot differ. */
function connectTo(
  build: BuildConnector,
  ownPorts: () => number[],
  resolve: Resolve | undefined,
): buildConnector.connector {
  return (options, callback) => {
    const { hostname, protocol } = options
    const port = Number(options.port || (protocol === 'https:' ? 443 : 80))
    resolveHost(hostname, resolve)
      .then(addresses => permitted(hostname, port, addresses, ownPorts()))
      .then(
        addresses => build({ timeout: CONNECT_TIMEOUT_MS, lookup: pinned(addresses) })(options, callback),
        error => callback(error, null),
      )
  }
}

function permitted(host: string, port: number, found: LookupAddress[], ownPorts: number[]): LookupAddress[] {
  const addresses = found.filter(address => !isForbidden(address))
  if (!addresses.length) throw refused('http:link_local', host, port, found)
  if (!ownPorts.includes(port)) return addresses
  const others = addresses.filter(address => !isOwn(address))
  if (!others.length) throw refused('http:own_port', host, port, found)
  return others
}

function refused(key: string, host: string, port: number, found: LookupAddress[]): HttpError {
  const params = { host, port, address: found[0]?.address ?? host }
  return new HttpError(key, params, { permanent: true })
}

function pinned(addresses: LookupAddress[]): LookupFunction {
  const [first] = addresses
  return (_host, options, callback) => {
    if (options.all) callback(null, addresses)
    else callback(null, first?.address ?? '', first?.family)
  }
}
