import type { Queryable } from '../database/client.ts'
import { reseal } from '../lib/protect.ts'
import type { Sealer } from '../lib/sealer.ts'

/** At the start: what was sealed with a previous secret. */
export async function sealChannels(db: Queryable, sealer: Sealer): Promise<void> {
  const rows = await db.channel.findMany({ select: { id: true, url: true, secret: true } })
  for (const { id, ...stored } of rows) {
    const sealed = reseal(sealer, stored, ['url'])
    const isSame = sealed.url === stored.url && sealed.secret === stored.secret
    // Unless it was changed meanwhile, in another process.
    if (!isSame) await db.channel.updateMany({ where: { id, ...stored }, data: sealed })
  }
}
