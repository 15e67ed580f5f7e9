import type { Queryable } from '../database/client.ts'
import type { RunModel as Run } from '../generated/prisma/models.ts'

export type EndedRun = Pick<
  Run,
  | 'id'
  | 'itemName'
  | 'buildNumber'
  | 'status'
  | 'outcome'
  | 'summary'
  | 'errorKey'
  | 'errorParams'
  | 'errorMessage'
>

/** Of a person's most recent runs. */
const MOST_LOOKED_AT = 100
const MOST_NAMED = 10

/** Those of a person's runs that ended after a time, the last first. */
export function listEndedRuns(db: Queryable, triggeredBy: string, since: Date): Promise<EndedRun[]> {
  return db.$queryRaw<EndedRun[]>`
    SELECT id, item_name AS "itemName", build_number AS "buildNumber", status::text AS status,
      outcome::text AS outcome, summary, error_key AS "errorKey", error_params AS "errorParams",
      error_message AS "errorMessage"
    FROM (
      SELECT * FROM deploy_test_runs WHERE triggered_by = ${triggeredBy} ORDER BY id DESC LIMIT ${MOST_LOOKED_AT}
    ) AS run
    WHERE finished_at > ${since} ORDER BY finished_at DESC LIMIT ${MOST_NAMED}`
}
