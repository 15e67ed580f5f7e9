import type { z } from 'zod'
import { isDatabaseUnavailable } from '../database/client.ts'
import { announcement, toBuild } from './builds.ts'
import type { Spool } from './spool.ts'
import type { BuildWriter, StoredBuild } from './store-builds.ts'

/** How long Jenkins is kept waiting for the database. */
const TIMEOUT_MS = 5_000

export type Received = StoredBuild | { kept: true }

/** Takes an announcement and never loses it: into the database, or on disk where that is away or too slow. */
export async function receiveBuild(
  storeBuild: BuildWriter,
  spool: Spool,
  build: z.output<typeof announcement>,
  rawData: object,
): Promise<Received> {
  // Those that came before are to be stored before; but where the disk takes nothing more, the database may.
  if ((await spool.waiting().catch(() => 0)) > 0) {
    const kept = await keep(spool, rawData).catch(() => null)
    if (kept) return kept
  }
  try {
    return await withTimeout(storeBuild(toBuild(build, rawData)))
  } catch (error) {
    if (error instanceof TimedOut || isDatabaseUnavailable(error)) return keep(spool, rawData)
    throw error
  }
}

async function keep(spool: Spool, rawData: object): Promise<Received> {
  await spool.keep(rawData)
  return { kept: true }
}

class TimedOut extends Error {}

/** The work may still succeed later: the same announcement twice is one build. */
function withTimeout<T>(work: Promise<T>): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => reject(new TimedOut()), TIMEOUT_MS)
  return Promise.race([work, promise]).finally(() => clearTimeout(timer))
}

/** Stores what waits on disk, oldest first. Throws where the database is still away. */
export function storeSpooledBuilds(storeBuild: BuildWriter, spool: Spool): Promise<number> {
  return spool.drain(async ({ body, receivedAt }) => {
    await storeBuild(toBuild(announcement.parse(body), body as object, receivedAt))
  })
}
