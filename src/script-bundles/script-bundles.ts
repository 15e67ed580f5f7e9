import { rm } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import { recordChange } from '../audit/audit.ts'
import type { Queryable, Transaction } from '../database/client.ts'
import type { Store } from '../database/store.ts'
import type { Prisma } from '../generated/prisma/client.ts'
import type { ScriptBundleModel as ScriptBundle } from '../generated/prisma/models.ts'
import { notFound } from '../lib/errors.ts'
import type { Actor } from '../lib/person.ts'
import { keepUpload, type ReceivedBundle, receiveUpload } from './bundle-store.ts'

/** Without the list of files, which may be long. */
export type BundleVersion = Omit<ScriptBundle, 'files'>

const newestFirst = {
  orderBy: [{ name: 'asc' as const }, { version: 'desc' as const }],
  omit: { files: true as const },
}

export function listScriptBundles(db: Queryable): Promise<BundleVersion[]> {
  return db.scriptBundle.findMany({ ...newestFirst, distinct: ['name'] })
}

export async function listBundleVersions(db: Queryable, name: string): Promise<BundleVersion[]> {
  const versions = await db.scriptBundle.findMany({ where: { name }, ...newestFirst })
  if (!versions.length) throw notFound('errors:script_bundle_not_found', { name })
  return versions
}

/** Without a version the newest; null where there is none. */
export function findBundleVersion(
  db: Queryable,
  name: string,
  version: number | null | undefined,
): Promise<BundleVersion | null> {
  return db.scriptBundle.findFirst({ where: { name, version: version ?? undefined }, ...newestFirst })
}

export async function getBundleVersion(
  db: Queryable,
  name: string,
  version: number | null,
): Promise<BundleVersion> {
  const found = await findBundleVersion(db, name, version)
  if (found) return found
  if (version === null) throw notFound('errors:script_bundle_not_found', { name })
  throw notFound('errors:script_bundle_version_not_found', { name, version })
}

interface BundleStore extends Store {
  scriptBundles: { folder: string }
}

/** Stores a new version; the same bytes again are the version that they were. */
export async function storeScriptBundle(
  { db, scriptBundles: { folder } }: BundleStore,
  name: string,
  source: Readable,
  actor: Actor,
): Promise<{ bundle: BundleVersion; isNew: boolean }> {
  const received = await receiveUpload(folder, source)
  try {
    return await db.$transaction(async tx => {
      await lockName(tx, name)
      const { sha256 } = received
      const known = await tx.scriptBundle.findUnique({ where: { name_sha256: { name, sha256 } } })
      await keepUpload(folder, received)
      return known ? { bundle: known, isNew: false } : await addVersion(tx, name, received, actor)
    })
  } finally {
    await rm(received.path, { force: true })
  }
}

/** One after the other, so that versions have no gaps. */
async function lockName(tx: Transaction, name: string): Promise<void> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`script bundle ${name}`}, 0))`
}

async function addVersion(
  tx: Transaction,
  name: string,
  { sha256, size, files }: ReceivedBundle,
  actor: Actor,
): Promise<{ bundle: BundleVersion; isNew: boolean }> {
  const newest = await findBundleVersion(tx, name, null)
  const version = (newest?.version ?? 0) + 1
  const bundle = await tx.scriptBundle.create({
    data: {
      ...{ name, version, sha256, size, createdBy: actor.email },
      files: files as unknown as Prisma.InputJsonArray,
    },
    omit: { files: true },
  })
  await recordChange(tx, {
    ...{ actor, action: 'store script bundle', subject: name },
    after: { version, sha256, size },
  })
  return { bundle, isNew: true }
}
