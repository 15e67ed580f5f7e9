import type { Database } from '../src/database/client.ts'
import { DEFAULT_SET } from '../src/parameter-sets/parameter-sets.ts'
import { DEFAULT_PARAMETERS } from '../src/parameter-sets/parameters.ts'
import { seedSettings } from '../src/settings/settings.ts'

/** What every CRAT has: its settings and the `default` parameter set. Harmless when it is there already. */
export async function seed(db: Database): Promise<void> {
  await seedSettings(db)
  await db.$transaction(async tx => {
    const { count } = await tx.parameterSet.createMany({
      data: {
        name: DEFAULT_SET,
        description: 'Used where neither the trigger nor the test item names a set',
        parameters: DEFAULT_PARAMETERS,
      },
      skipDuplicates: true,
    })
    if (!count) return
    const set = await tx.parameterSet.findUniqueOrThrow({ where: { name: DEFAULT_SET } })
    await tx.parameterSetVersion.create({
      data: { parameterSetId: set.id, version: 1, parameters: DEFAULT_PARAMETERS, changedBy: 'crat' },
    })
  })
}
