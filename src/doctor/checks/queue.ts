import { formatDuration } from '../../lib/format.ts'
import { type Finding, failed, ok, type Subject, warning } from '../check.ts'

const LONG_S = 3_600

export async function checkQueue(subject: Subject): Promise<Finding[]> {
  const [runs, jobs] = await Promise.all([checkRuns(subject), checkJobs(subject)])
  const findings = [...runs, ...jobs]
  return findings.length ? findings : [ok('doctor:queue_ok')]
}

async function checkRuns({ query }: Subject): Promise<Finding[]> {
  const [row] = await query<{ waiting: number; seconds: number | null; paused: boolean; free: number }>(
    `SELECT count(*)::int AS waiting, extract(epoch FROM now() - min(created_at))::float8 AS seconds,
       coalesce((SELECT value = 'true' FROM system_settings WHERE key = 'queue_paused'), false) AS paused,
       (SELECT count(*)::int FROM environments AS environment WHERE state = 'ready' AND NOT EXISTS (
         SELECT FROM run_environments WHERE environment_id = environment.id AND released_at IS NULL)) AS free
     FROM deploy_test_runs WHERE status = 'PENDING'`,
  )
  const { waiting = 0, seconds, paused, free = 0 } = row ?? {}
  if (paused) return [warning('doctor:queue_paused', { waiting })]
  if (!waiting || (seconds ?? 0) < LONG_S) return []
  const params = { waiting, free, since: formatDuration('en', (seconds ?? 0) * 1000) }
  return [warning('doctor:run_waits', params)]
}

/** Jobs of the queue that nobody takes, that hang, or that have failed. */
async function checkJobs({ query }: Subject): Promise<Finding[]> {
  const [table] = await query<{ there: boolean }>(`SELECT to_regclass('pgboss.job') IS NOT NULL AS there`)
  if (!table?.there) return []
  const [row] = await query<{ waiting: number; seconds: number | null; stuck: number; failed: number }>(
    `SELECT count(*) FILTER (WHERE is_due)::int AS waiting,
       extract(epoch FROM now() - min(start_after) FILTER (WHERE is_due))::float8 AS seconds,
       count(*) FILTER (WHERE state = 'active' AND started_on < now() - interval '15 minutes')::int AS stuck,
       count(*) FILTER (WHERE state = 'failed' AND completed_on > now() - interval '1 day')::int AS failed
     FROM (SELECT *, state IN ('created', 'retry') AND start_after < now() - interval '5 minutes' AS is_due
       FROM pgboss.job WHERE state IN ('created', 'retry', 'active', 'failed')) AS job`,
  )
  if (!row) return []
  const since = formatDuration('en', (row.seconds ?? 0) * 1000)
  return [
    ...(row.waiting ? [failed('doctor:jobs_wait', { number: row.waiting, since })] : []),
    ...(row.stuck ? [failed('doctor:jobs_stuck', { number: row.stuck })] : []),
    ...(row.failed ? [warning('doctor:jobs_failed', { number: row.failed })] : []),
  ]
}
