import type { Context } from '../context.ts'
import { prunePackages } from '../external/package-server/index.ts'
import { packagesInUse } from '../runs/runs.ts'

export async function cleanUpPackages(ctx: Context): Promise<void> {
  const { packageKeepDays: keepDays, packageKeepBytes: keepBytes } = ctx.config
  const inUse = await packagesInUse(ctx.db)
  const { removed, freed } = await prunePackages({ folder: ctx.packages.folder, keepDays, keepBytes, inUse })
  if (removed.length) ctx.log.info({ removed, freed }, 'packages removed')
}
