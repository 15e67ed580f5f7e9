import type { Queryable } from '../database/client.ts'
import { runStates } from '../database/states.ts'

export function removeOldBuilds(
  db: Queryable,
  { days, most }: { days: number; most: number },
): Promise<number> {
  return db.$executeRaw`
    DELETE FROM build_info WHERE id IN (
      SELECT id FROM (
        SELECT id, created_at, row_number() OVER (PARTITION BY job_name ORDER BY created_at DESC, id DESC) AS place
        FROM build_info
      ) AS build
      WHERE place > 1 AND (place > ${most} OR created_at < now() - ${days} * interval '1 day')
        AND NOT EXISTS (SELECT 1 FROM job_version_selections WHERE selected_build_id = build.id)
        AND NOT EXISTS (
          SELECT 1 FROM deploy_test_runs run WHERE run.build_info_id = build.id
            AND run.status IN ${runStates.unfinished}
        )
    )`
}
