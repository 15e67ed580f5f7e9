import pMap from 'p-map'
import type { Database } from '../database/client.ts'
import { lookForPackage, type PackageWatch } from './look-for-package.ts'

/** Of a flood of builds only the newest are looked at. */
const NEWEST = 500
const HOURS = 6
const AT_ONCE = 20
const CONCURRENCY = 4
/** Another process looks at those of one that was killed. */
const LEASE_SECONDS = 180

interface ClaimedBuild {
  id: number
  jobName: string
  packagePath: string
  packageChecks: number
}

/** Looks for the packages of new builds, until none is due or the package server is unavailable. */
export async function checkPackages(db: Database, watch: PackageWatch, stop?: AbortSignal): Promise<number> {
  let looked = 0
  while (!stop?.aborted && watch.unavailableUntil <= Date.now()) {
    const builds = await claimBuilds(db, AT_ONCE)
    const results = await pMap(builds, build => lookAtClaimed(db, watch, build), { concurrency: CONCURRENCY })
    looked += results.filter(Boolean).length
    if (builds.length < AT_ONCE) return looked
  }
  return looked
}

async function lookAtClaimed(db: Database, watch: PackageWatch, build: ClaimedBuild): Promise<boolean> {
  const found = await lookForPackage(db, watch, build)
  if (found === 'unavailable') await giveBack(db, build)
  return found !== 'unavailable'
}

function claimBuilds(db: Database, most: number): Promise<ClaimedBuild[]> {
  return db.$queryRaw`
    UPDATE build_info SET package_checks = package_checks + 1,
      package_next_check_at = now() + ${LEASE_SECONDS} * interval '1 second'
    WHERE id IN (
      SELECT id FROM build_info
      WHERE id IN (SELECT id FROM build_info ORDER BY created_at DESC, id DESC LIMIT ${NEWEST})
        AND created_at > now() - ${HOURS} * interval '1 hour'
        AND CASE WHEN package_next_check_at IS NULL THEN package_checked_at IS NULL
          ELSE package_next_check_at <= now() END
      ORDER BY created_at DESC, id DESC LIMIT ${most} FOR UPDATE SKIP LOCKED
    )
    RETURNING id, job_name AS "jobName", package_path AS "packagePath", package_checks AS "packageChecks"`
}

/** Due at once, as soon as the package server answers. */
async function giveBack(db: Database, { id }: ClaimedBuild): Promise<void> {
  await db.build.updateMany({
    where: { id },
    data: { packageChecks: { decrement: 1 }, packageNextCheckAt: new Date() },
  })
}
