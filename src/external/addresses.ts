import { promises as dns, type LookupAddress } from 'node:dns'
import { BlockList, isIP } from 'node:net'
import { networkInterfaces } from 'node:os'

/** Link-local addresses, and where clouds keep the credentials of a machine. */
const forbidden = new BlockList()
forbidden.addSubnet('169.254.0.0', 16, 'ipv4')
forbidden.addSubnet('fe80::', 10, 'ipv6')
forbidden.addAddress('100.100.100.200', 'ipv4')
forbidden.addAddress('fd00:ec2::254', 'ipv6')

const loopback = new BlockList()
loopback.addSubnet('127.0.0.0', 8, 'ipv4')
loopback.addAddress('0.0.0.0', 'ipv4')
loopback.addAddress('::1', 'ipv6')
loopback.addAddress('::', 'ipv6')

const familyOf = ({ family }: LookupAddress) => (family === 6 ? 'ipv6' : 'ipv4')

export const isForbidden = (address: LookupAddress) => forbidden.check(address.address, familyOf(address))

/** Reports whether the address is one of this machine. */
export function isOwn(address: LookupAddress): boolean {
  if (loopback.check(address.address, familyOf(address))) return true
  const own = Object.values(networkInterfaces()).flatMap(found => found ?? [])
  const list = new BlockList()
  for (const { address: ip, family } of own) list.addAddress(ip, family === 'IPv6' ? 'ipv6' : 'ipv4')
  return list.check(address.address, familyOf(address))
}

export type Resolve = (host: string) => Promise<LookupAddress[]>

/** Resolves a host of a URL; an address stands for itself. */
export async function resolveHost(host: string, resolve: Resolve = lookUp): Promise<LookupAddress[]> {
  const name = host.replace(/^\[|\]$/g, '')
  const family = isIP(name)
  return family ? [{ address: name, family }] : resolve(name)
}

const lookUp: Resolve = host => dns.lookup(host, { all: true })
