import type { Queryable } from '../database/client.ts'
import { runStates } from '../database/states.ts'

export interface Keep {
  days: number
  most: number
}

/** A run's thousands of tests are deleted with it: one statement for all runs would time out. */
const AT_ONCE = 20

/** Deletes finished runs by age and by number per item; an item's last run stays. Returns how many. */
export async function removeOldRuns(db: Queryable, keep: Keep): Promise<number> {
  let removed = 0
  for (;;) {
    const count = await removeSomeOldRuns(db, keep)
    removed += count
    if (count < AT_ONCE) return removed
  }
}

function removeSomeOldRuns(db: Queryable, { days, most }: Keep): Promise<number> {
  return db.$executeRaw`
    DELETE FROM deploy_test_runs WHERE id IN (
      SELECT id FROM (
        SELECT id, finished_at, row_number() OVER (PARTITION BY test_item_id ORDER BY id DESC) AS place
        FROM deploy_test_runs
        WHERE status IN ${runStates.terminal}
      ) AS run
      WHERE place > 1 AND (place > ${most} OR finished_at < now() - ${days} * interval '1 day')
      ORDER BY id LIMIT ${AT_ONCE}
    )`
}
