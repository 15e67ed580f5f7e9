import type { Queryable } from '../database/client.ts'
import { reseal } from '../lib/protect.ts'
import type { Sealer } from '../lib/sealer.ts'

/** At the start: what earlier versions of CRAT stored, and what was sealed with a previous secret. */
export async function sealEnvironments(db: Queryable, sealer: Sealer): Promise<void> {
  const rows = await db.environment.findMany({ select: { id: true, testServerUrl: true, token: true } })
  for (const { id, ...stored } of rows) {
    const sealed = reseal(sealer, stored)
    const isSame = sealed.token === stored.token && sealed.testServerUrl === stored.testServerUrl
    // Unless it was changed meanwhile, in another process.
    if (!isSame) await db.environment.updateMany({ where: { id, ...stored }, data: sealed })
  }
}
