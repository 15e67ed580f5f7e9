import { isDeepStrictEqual } from 'node:util'
import type { Database, Queryable } from '../database/client.ts'
import { protect } from '../lib/protect.ts'
import type { Sealer } from '../lib/sealer.ts'
import { type Parameters, sealedNames } from './parameters.ts'

/** Seals the values of these parameters in all versions of a set: they were marked as secret later. */
export async function sealInVersions(
  tx: Queryable,
  sealer: Sealer,
  id: number,
  secretNames: string[],
): Promise<void> {
  const versions = await tx.parameterSetVersion.findMany({ where: { parameterSetId: id } })
  for (const version of versions) {
    const stored = version.parameters as Parameters
    const names = [...secretNames, ...sealedNames(stored)]
    const parameters = protect(sealer, stored, { stored, secretNames: names })
    if (isDeepStrictEqual(parameters, stored)) continue
    await tx.parameterSetVersion.update({ where: { id: version.id }, data: { parameters } })
  }
}

/** Seals what earlier versions of CRAT stored as plain text, and anew what was sealed with a previous secret. */
export async function sealParameterSets(db: Database, sealer: Sealer): Promise<void> {
  const reseal = (stored: Parameters) => {
    // Sealed with a secret that is gone: they are typed again.
    if (!sealer.canOpen(stored)) return stored
    const opened = sealer.isCurrent(stored) ? stored : sealer.open(stored)
    return protect(sealer, opened, { stored: opened, secretNames: sealedNames(stored) })
  }
  for (const table of [db.parameterSet, db.parameterSetVersion] as const) {
    const rows = await (table as typeof db.parameterSet).findMany({ select: { id: true, parameters: true } })
    for (const { id, parameters: stored } of rows) {
      const parameters = reseal(stored as Parameters)
      if (isDeepStrictEqual(parameters, stored)) continue
      await (table as typeof db.parameterSet).update({ where: { id }, data: { parameters } })
    }
  }
}
