import type { Database } from '../database/client.ts'
import { runStates } from '../database/states.ts'
import { removeRuns } from './remove-runs.ts'

export interface Keep {
  days: number
  most: number
}

export function removeOldRuns(db: Database, { days, most }: Keep): Promise<number> {
  return removeRuns(
    db,
    atMost => db.$queryRaw<{ id: number }[]>`
      SELECT id FROM (
        SELECT id, finished_at, row_number() OVER (PARTITION BY test_item_id ORDER BY id DESC) AS place
        FROM deploy_test_runs
        WHERE status IN ${runStates.terminal}
      ) AS run
      WHERE place > 1 AND (place > ${most} OR finished_at < now() - ${days} * interval '1 day')
      ORDER BY id LIMIT ${atMost}`,
  )
}
