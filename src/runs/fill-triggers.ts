import type { Database } from '../database/client.ts'

const BATCH = 1_000

/** Fills how runs of earlier versions were triggered, from the run after `after` on. Null after the last one. */
export async function fillTriggers(db: Database, after: number): Promise<number | null> {
  const [row] = await db.$queryRaw<{ last: number | null }[]>`
    WITH batch AS (
      SELECT id FROM deploy_test_runs WHERE id > ${after} ORDER BY id LIMIT ${BATCH}
    ), filled AS (
      UPDATE deploy_test_runs AS run
      SET trigger = CASE WHEN retry_of IS NULL THEN 'token' ELSE 'retry' END::run_trigger
      FROM batch WHERE run.id = batch.id AND trigger = 'person' AND (triggered_by LIKE 'token:%' OR retry_of IS NOT NULL)
    )
    SELECT max(id) AS last FROM batch`
  return row?.last ?? null
}
