import { isDatabaseUnavailable, type Transaction } from '../database/client.ts'
import { announceChange } from '../database/live.ts'
import { lockRow } from '../database/rows.ts'
import type { RunModel as Run, TestItemModel as TestItem } from '../generated/prisma/models.ts'
import { AppError } from '../lib/errors.ts'
import type { Log } from '../lib/log.ts'
import type { Sealer } from '../lib/sealer.ts'
import { enqueueRun, type SealedStore } from '../runs/trigger-run.ts'
import { nextStart } from '../test-items/item-schedule.ts'
import { automatic } from './automatic.ts'

/**
 * Triggers the items whose schedule is due, each once, however many of its times were missed and however many processes
 * do this at once.
 */
export async function triggerScheduledItems(store: SealedStore, log: Log, now: Date): Promise<number> {
  const due = await store.db.testItem.findMany({
    where: { schedule: { not: null }, scheduleNextAt: { lte: now } },
    orderBy: { scheduleNextAt: 'asc' },
  })
  let triggered = 0
  for (const item of due) if (await triggerDueItem(store, log, item, now)) triggered += 1
  return triggered
}

async function triggerDueItem(store: SealedStore, log: Log, item: TestItem, now: Date): Promise<Run | null> {
  try {
    return await store.db.$transaction(async tx =>
      (await claimTime(tx, item, now)) ? triggerUnlessWaiting(store.sealer, tx, item) : null,
    )
  } catch (error) {
    if (isDatabaseUnavailable(error)) throw error
    log.warn({ item: item.name, err: error }, 'a scheduled test is not triggered')
    // What cannot be triggered now is tried again at its next time.
    if (error instanceof AppError) await claimTime(store.db, item, now)
    return null
  }
}

/** Moves the item on to its next time; false if another process was faster, or the schedule was changed. */
async function claimTime(tx: Pick<Transaction, 'testItem'>, item: TestItem, now: Date): Promise<boolean> {
  const { id, schedule, scheduleTimezone, scheduleNextAt } = item
  const { count } = await tx.testItem.updateMany({
    where: { id, schedule, scheduleTimezone, scheduleNextAt },
    data: { scheduleNextAt: nextStart(item, now), updatedAt: item.updatedAt },
  })
  return count === 1
}

async function triggerUnlessWaiting(sealer: Sealer, tx: Transaction, { id }: TestItem): Promise<Run | null> {
  await lockRow(tx, 'test_items', id)
  const waiting = await tx.run.findFirst({
    where: { testItemId: id, trigger: 'schedule', status: 'PENDING' },
    select: { id: true },
  })
  if (waiting) return null
  const item = await tx.testItem.findUniqueOrThrow({ where: { id } })
  const run = await enqueueRun(sealer, tx, item, { trigger: 'schedule' }, automatic('schedule'))
  await announceChange(tx, { topic: 'item', id })
  return run
}
