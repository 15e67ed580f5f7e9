import type { Database } from '../database/client.ts'
import type { BuildModel as Build } from '../generated/prisma/models.ts'
import { lookForPackage, type PackageWatch } from './look-for-package.ts'

const MINUTE_MS = 60_000
const FOUND_HOLDS_MS = 10 * MINUTE_MS
const MISSING_HOLDS_MS = MINUTE_MS / 2
/** A person waits for the answer. */
const LOOK_WITHIN_MS = 2_000

/** Reports whether a build is known to have no package, with another look where the last one is old. */
export async function lacksPackage(db: Database, watch: PackageWatch, build: Build | null): Promise<boolean> {
  if (!build) return false
  if (!isOld(build)) return build.hasPackage === false
  const found = await lookForPackage(db, watch, build, AbortSignal.timeout(LOOK_WITHIN_MS))
  return (found === 'unavailable' ? build.hasPackage : found) === false
}

function isOld({ hasPackage, packageCheckedAt }: Build): boolean {
  const holds = hasPackage ? FOUND_HOLDS_MS : MISSING_HOLDS_MS
  return Date.now() - (packageCheckedAt?.getTime() ?? 0) > holds
}
