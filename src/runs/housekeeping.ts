import type { Queryable } from '../database/client.ts'

export interface Keep {
  /** Older than so many days goes. */
  days: number
  /** Beyond so many goes, the oldest first. */
  most: number
}

/** Removes finished runs by age, and by number for each item; an item's last run stays. Says how many. */
export function removeOldRuns(db: Queryable, { days, most }: Keep): Promise<number> {
  return db.$executeRaw`
    DELETE FROM deploy_test_runs WHERE id IN (
      SELECT id FROM (
        SELECT id, finished_at, row_number() OVER (PARTITION BY test_item_id ORDER BY id DESC) AS place
        FROM deploy_test_runs
        WHERE status IN ('COMPLETED', 'DEPLOY_COMPLETE', 'FAILED', 'CANCELLED')
      ) AS run
      WHERE place > 1 AND (place > ${most} OR finished_at < now() - ${days} * interval '1 day')
    )`
}
