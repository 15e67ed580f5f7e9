import type { Database } from '../database/client.ts'
import { announceChange } from '../database/live.ts'
import type { BuildModel as Build } from '../generated/prisma/models.ts'
import { ExternalError } from '../lib/errors.ts'
import type { PackageProbe } from './prune.ts'

/** The package server, as this process knows it. */
export interface PackageWatch {
  probe: PackageProbe
  /** Until when nothing is asked of it, because it did not answer. */
  unavailableUntil: number
}

/** null: nobody can say. */
export type Found = boolean | null | 'unavailable'

const PAUSE_MS = 30_000
/** After each look without a package the next one; a package may be published after the announcement. */
const LOOK_AGAIN_AFTER_MS = [30_000, 120_000, 600_000, 1_800_000, 7_200_000]

export async function lookForPackage(
  db: Database,
  watch: PackageWatch,
  build: Pick<Build, 'id' | 'jobName' | 'packagePath' | 'packageChecks'>,
  signal?: AbortSignal,
): Promise<Found> {
  if (watch.unavailableUntil > Date.now()) return 'unavailable'
  const items = await db.testItem.findMany({ where: { jobName: build.jobName }, select: { name: true } })
  const names = items.map(({ name }) => name)
  const found = await watch.probe(build.packagePath, names, signal).catch(error => reasonOf(error, signal))
  if (found !== 'unavailable') await saveFound(db, build, found)
  else if (!signal?.aborted) watch.unavailableUntil = Date.now() + PAUSE_MS
  return found
}

function reasonOf(error: unknown, signal: AbortSignal | undefined): Found {
  if (signal?.aborted) return 'unavailable'
  if (!(error instanceof ExternalError)) throw error
  return error.key.startsWith('http:') && !error.permanent ? 'unavailable' : null
}

async function saveFound(
  db: Database,
  { id, jobName, packageChecks }: Pick<Build, 'id' | 'jobName' | 'packageChecks'>,
  found: boolean | null,
): Promise<void> {
  const pause = found ? undefined : LOOK_AGAIN_AFTER_MS[Math.max(packageChecks, 1) - 1]
  const { hasPackage: before } = (await db.build.findUnique({ where: { id } })) ?? { hasPackage: null }
  await db.build.updateMany({
    where: { id },
    data: {
      hasPackage: found,
      packageCheckedAt: new Date(),
      packageNextCheckAt: pause === undefined ? null : new Date(Date.now() + pause),
    },
  })
  if ((before === false) !== (found === false)) await announceChange(db, { topic: 'job', id: jobName })
}
