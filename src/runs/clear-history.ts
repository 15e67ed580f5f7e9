import { recordChange } from '../audit/audit.ts'
import type { Database } from '../database/client.ts'
import { announceChange } from '../database/live.ts'
import type { Store } from '../database/store.ts'
import type { TestItemModel as TestItem } from '../generated/prisma/models.ts'
import type { Actor } from '../lib/person.ts'
import { TERMINAL } from '../lib/run-status.ts'
import { deleteTestItem, getTestItem, refuseItemInUse } from '../test-items/test-items.ts'
import { removeRuns } from './remove-runs.ts'

export async function clearHistory({ db }: Store, testItemId: number, actor: Actor): Promise<number> {
  const item = await getTestItem(db, testItemId)
  const deleted = await removeFinishedRuns(db, testItemId)
  await db.$transaction(async tx => {
    await tx.runDay.deleteMany({ where: { testItemId } })
    await recordChange(tx, { actor, action: 'clear history', subject: item.name, after: { deleted } })
    await announceChange(tx, { topic: 'item', id: testItemId })
  })
  return deleted
}

export async function deleteItemWithRuns(store: Store, id: number, actor: Actor): Promise<TestItem> {
  await refuseItemInUse(store.db, id)
  await removeFinishedRuns(store.db, id)
  return deleteTestItem(store, id, actor)
}

function removeFinishedRuns(db: Database, testItemId: number): Promise<number> {
  const where = { testItemId, status: { in: [...TERMINAL] } }
  return removeRuns(db, atMost =>
    db.run.findMany({ where, select: { id: true }, orderBy: { id: 'asc' }, take: atMost }),
  )
}
