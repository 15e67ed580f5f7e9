import { recordChange } from '../audit/audit.ts'
import { announceChange } from '../database/live.ts'
import type { Store } from '../database/store.ts'
import { TERMINAL } from '../lib/run-status.ts'
import { getTestItem } from '../test-items/test-items.ts'

export async function clearHistory({ db }: Store, testItemId: number, actor: string): Promise<number> {
  return db.$transaction(async tx => {
    const item = await getTestItem(tx, testItemId)
    const { count } = await tx.run.deleteMany({ where: { testItemId, status: { in: [...TERMINAL] } } })
    await recordChange(tx, { actor, action: 'clear history', subject: item.name, after: { deleted: count } })
    await announceChange(tx, { topic: 'item', id: testItemId })
    return count
  })
}
