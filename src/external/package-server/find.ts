import { exchange } from '../http-client.ts'
import { addressOf, directoryOf, fileNameOf, isPackageName } from './address.ts'
import { type ChecksumFile, checksumFilesFor } from './checksum.ts'
import { type ChoiceReason, choosePackage, isPackageOf } from './choose.ts'
import type { Listing } from './listed-file.ts'
import { readListing } from './listing.ts'
import { permanent, temporary, unreachable } from './package-error.ts'
import { type Asking, followRedirects } from './redirects.ts'

const MOST_NAMED = 20
const HEAD_TIMEOUT_MS = 30_000

export interface PackageChoice {
  name: string
  url: string
  directory: string
  reason: ChoiceReason | 'direct'
  seen: string[]
  seenCount: number
  checksumFiles: ChecksumFile[]
}

interface PackagePlace extends Asking {
  baseUrl: string
  packagePath: string
}

export async function findPackage(options: PackagePlace & { itemName: string }): Promise<PackageChoice> {
  const { baseUrl, packagePath, itemName, signal, egress } = options
  const address = addressOf(baseUrl, packagePath)
  if (isPackageName(address.pathname)) return directChoice(address)

  const listing = await readListing(address, { signal, egress })
  const seen = [...listing.values()].filter(({ name }) => isPackageOf(itemName, name))
  const choice = choosePackage(itemName, seen)
  if (!choice) throw nothingFound(itemName, address.href, listing)
  return {
    name: choice.file.name,
    url: choice.file.url,
    directory: address.href,
    reason: choice.reason,
    seen: seen.slice(0, MOST_NAMED).map(({ name }) => name),
    seenCount: seen.length,
    checksumFiles: checksumFilesFor(choice.file.name, listing),
  }
}

function directChoice(address: URL): PackageChoice {
  const name = fileNameOf(address)
  if (name === null) throw permanent('package:bad_path', { path: decodeURIComponent(address.pathname) })
  return {
    name,
    url: address.href,
    directory: directoryOf(address).href,
    reason: 'direct',
    seen: [name],
    seenCount: 1,
    checksumFiles: [],
  }
}

function nothingFound(itemName: string, url: string, listing: Listing) {
  if (listing.size === 0) return permanent('package:empty_directory', { url, item: itemName })
  const packages = [...listing.keys()].filter(isPackageName)
  if (packages.length === 0)
    return permanent('package:no_packages', { url, item: itemName, files: enumerate([...listing.keys()]) })
  return permanent('package:no_match', { url, item: itemName, packages: enumerate(packages) })
}

function enumerate(names: string[]): string {
  const named = names.slice(0, MOST_NAMED).join(', ')
  return names.length > MOST_NAMED ? `${named}, … (${names.length})` : named
}

const CHECK_TIMEOUT_MS = 10_000

/** Throws PackageError where the listing at the top cannot be read. */
export async function checkListing(baseUrl: string, asking: Asking): Promise<void> {
  await readListing(addressOf(baseUrl, ''), asking, CHECK_TIMEOUT_MS)
}

/** Throws PackageError if the directory cannot be read: a server that is down is not a deleted build. */
export async function directoryHasPackage(options: PackagePlace & { itemNames: string[] }): Promise<boolean> {
  const { baseUrl, packagePath, itemNames, signal, egress } = options
  const address = addressOf(baseUrl, packagePath)
  if (isPackageName(address.pathname)) return fileExists(address, { signal, egress })
  try {
    const names = [...(await readListing(address, { signal, egress })).keys()].filter(isPackageName)
    return names.some(name => itemNames.length === 0 || itemNames.some(item => isPackageOf(item, name)))
  } catch (error) {
    if (isGone(error)) return false
    throw error
  }
}

const isGone = (error: unknown) => (error as { key?: string }).key === 'package:directory_not_found'

async function fileExists(file: URL, asking: Asking): Promise<boolean> {
  try {
    const ask = ({ href }: URL) =>
      exchange(href, { method: 'HEAD', timeoutMs: HEAD_TIMEOUT_MS, maxBytes: 0, ...asking })
    const { answer } = await followRedirects(file, ask, asking)
    if (answer.status === 404 || answer.status === 410) return false
    if (answer.status === 200) return true
    throw temporary('package:file_status', { url: file.href, status: answer.status })
  } catch (error) {
    asking.signal?.throwIfAborted()
    throw unreachable(file.href, error, HEAD_TIMEOUT_MS)
  }
}
