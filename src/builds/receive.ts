import type * as z from 'zod'
import { isDatabaseUnavailable } from '../database/client.ts'
import { announcement, toBuild } from './announcement.ts'
import type { Spool } from './spool.ts'
import type { BuildWriter, StoredBuild } from './store-builds.ts'

const TIMEOUT_MS = 5_000

export type Received = StoredBuild | { kept: true }

export async function receiveBuild(
  storeBuild: BuildWriter,
  spool: Spool,
  build: z.output<typeof announcement>,
  rawData: object,
  announcedBy: string | null,
): Promise<Received> {
  // Builds must not overtake spooled ones. If the spool cannot be written, the database is still tried.
  if (spool.hasWaiting() && (await spool.waiting().catch(() => 0)) > 0) {
    const kept = await keep(spool, rawData, announcedBy).catch(() => null)
    if (kept) return kept
  }
  try {
    return await withTimeout(storeBuild(toBuild(build, rawData, announcedBy)))
  } catch (error) {
    if (error instanceof TimedOut || isDatabaseUnavailable(error)) return keep(spool, rawData, announcedBy)
    throw error
  }
}

async function keep(spool: Spool, body: object, announcedBy: string | null): Promise<Received> {
  await spool.keep(body, announcedBy)
  return { kept: true }
}

class TimedOut extends Error {}

// The write may still succeed after the timeout; announcing a build twice is harmless.
function withTimeout<T>(work: Promise<T>): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => reject(new TimedOut()), TIMEOUT_MS)
  return Promise.race([work, promise]).finally(() => clearTimeout(timer))
}

/** Stores the spooled builds, oldest first. Throws if the database is still unavailable. */
export function storeSpooledBuilds(storeBuild: BuildWriter, spool: Spool): Promise<number> {
  return spool.drain(async ({ body, announcedBy, receivedAt }) => {
    await storeBuild(toBuild(announcement.parse(body), body as object, announcedBy, receivedAt))
  })
}
