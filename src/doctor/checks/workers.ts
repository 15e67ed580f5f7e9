import { LOCK_CLASS } from '../../database/lifeline.ts'
import { formatDuration } from '../../lib/format.ts'
import { type Finding, failed, ok, type Subject } from '../check.ts'

const STALE_S = 300

export async function checkWorkers({ query }: Subject): Promise<Finding[]> {
  const [row] = await query<{ workers: number; orphans: string | null; seconds: number | null }>(
    `WITH alive AS (
       SELECT objid::bigint AS id FROM pg_locks
       WHERE locktype = 'advisory' AND classid = $1 AND granted
         AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
     )
     SELECT (SELECT count(*)::int FROM alive) AS workers,
       (SELECT string_agg(id::text, ', ') FROM deploy_test_runs
         WHERE status IN ('DOWNLOADING', 'DOWNLOADED', 'TESTING', 'MONITORING') AND worker IS NOT NULL
           AND worker NOT IN (SELECT id FROM alive) AND updated_at < now() - interval '1 minute') AS orphans,
       (SELECT extract(epoch FROM now() - max(taken_for))::float8 FROM timetable WHERE name = 'sync jobs') AS seconds`,
    [LOCK_CLASS],
  )
  const { workers = 0, orphans, seconds } = row ?? {}
  const since = formatDuration('en', (seconds ?? 0) * 1000)
  const findings = [
    ...(workers ? [] : [failed('doctor:no_worker')]),
    ...(orphans ? [failed('doctor:orphaned_runs', { runs: orphans })] : []),
    ...(workers && (seconds ?? 0) > STALE_S ? [failed('doctor:timetable_stale', { since })] : []),
  ]
  return findings.length ? findings : [ok('doctor:workers_ok', { number: workers })]
}
