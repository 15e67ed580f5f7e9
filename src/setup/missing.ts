import type { Queryable } from '../database/client.ts'
import type { Settings } from '../settings/definitions.ts'

/** In this order; what a mail needs is no condition of a run. */
export const NEEDED = ['packages', 'test_server', 'build', 'item', 'run'] as const

export type Needed = (typeof NEEDED)[number]

/** What a CRAT still lacks for its first run, from what is there. */
export async function listMissing(db: Queryable, settings: Settings): Promise<Needed[]> {
  const [row] = await db.$queryRaw<Record<Exclude<Needed, 'packages'>, boolean>[]>`
    SELECT EXISTS (SELECT FROM environments WHERE test_server_url <> '') AS test_server,
      EXISTS (SELECT FROM build_info) AS build,
      EXISTS (SELECT FROM test_items WHERE associated_job_name IS NOT NULL) AS item,
      EXISTS (SELECT FROM deploy_test_runs) AS run`
  const there: Record<Needed, boolean> = {
    packages: settings.package_download_base_url !== '',
    ...{ test_server: false, build: false, item: false, run: false },
    ...row,
  }
  return NEEDED.filter(name => !there[name])
}

export interface SetupHint {
  missing: Needed[]
  admins: string[]
}

/** For the home page: null where nothing is missing, or an admin wants to hear no more of it. */
export async function findSetupHint(
  db: Queryable,
  settings: Settings,
  admins: string[],
): Promise<SetupHint | null> {
  if (settings.setup_dismissed) return null
  const missing = await listMissing(db, settings)
  return missing.length ? { missing, admins } : null
}
