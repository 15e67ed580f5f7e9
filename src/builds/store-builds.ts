import type pg from 'pg'
import { isDatabaseUnavailable } from '../database/client.ts'
import type { BuildModel as Build } from '../generated/prisma/models.ts'
import { createBatcher } from '../lib/batch.ts'
import { STORE_BUILDS, type StoredRow } from './store-builds.sql.ts'

export type NewBuild = Pick<
  Build,
  'jobName' | 'buildNumber' | 'packagePath' | 'buildUser' | 'rawData' | 'createdAt' | 'announcedBy'
>

/** Without what is kept for the checks of its package. */
export type ShownBuild = Omit<Build, 'packageChecks' | 'packageNextCheckAt'>

export interface StoredBuild {
  build: ShownBuild
  created: boolean
}

/**
 * Stores a build, in the same transaction the first selection of its job and the notice to open pages. Builds that
 * come while others are being stored are committed together.
 */
export type BuildWriter = (build: NewBuild) => Promise<StoredBuild>

const MAX_BATCH = 250

export function createBuildWriter(pool: pg.Pool): BuildWriter {
  return createBatcher({
    maxSize: MAX_BATCH,
    concurrency: 2,
    write: builds => storeBuilds(pool, builds),
    isCommon: isDatabaseUnavailable,
  })
}

const ATTEMPTS = 3

/** Another process may store the same build, or delete its job, at the same moment: then it is stored after that. */
async function storeBuilds(pool: pg.Pool, builds: NewBuild[]): Promise<StoredBuild[]> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await tryToStore(pool, builds)
    } catch (error) {
      if (builds.length > 1 || attempt === ATTEMPTS || !isLostRace(error)) throw error
    }
  }
}

class StoredElsewhere extends Error {}

/** SQLSTATEs of a foreign key that is gone and of a deadlock. */
function isLostRace(error: unknown): boolean {
  return (
    error instanceof StoredElsewhere || ['23503', '40P01'].includes(`${(error as { code?: unknown }).code}`)
  )
}

async function tryToStore(pool: pg.Pool, builds: NewBuild[]): Promise<StoredBuild[]> {
  const input = JSON.stringify(builds.map(toInput))
  const { rows } = await pool.query<StoredRow>({ name: 'store-builds', text: STORE_BUILDS, values: [input] })
  const byPlace = new Map(rows.map(row => [row.place, row]))
  return builds.map((build, place) => {
    const row = byPlace.get(place)
    if (!row) throw new StoredElsewhere(`${build.jobName} #${build.buildNumber} is being stored elsewhere`)
    return row.created
      ? { build: { ...build, id: row.id, hasPackage: null, packageCheckedAt: null }, created: true }
      : { build: earlier(build, row), created: false }
  })
}

function toInput(build: NewBuild, place: number) {
  return {
    place,
    job_name: build.jobName,
    build_number: build.buildNumber,
    package_path: build.packagePath,
    build_user: build.buildUser,
    raw_data: build.rawData,
    created_at: build.createdAt,
    announced_by: build.announcedBy,
  }
}

function earlier(build: NewBuild, row: StoredRow): ShownBuild {
  return {
    ...build,
    id: row.id,
    buildUser: row.build_user ?? '',
    rawData: row.raw_data ?? {},
    createdAt: row.created_at ?? build.createdAt,
    announcedBy: row.announced_by,
    hasPackage: row.has_package,
    packageCheckedAt: row.package_checked_at,
  }
}
