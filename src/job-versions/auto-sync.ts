import { recordChange } from '../audit/audit.ts'
import { announceChange, LIVE_CHANNEL } from '../database/live.ts'
import type { Store } from '../database/store.ts'
import type { Actor } from '../lib/person.ts'
import { getJobVersion } from './job-versions.ts'

/**
 * Moves every due job to its newest build. Returns how many were due. One statement, because page requests wait for it;
 * safe to run in several processes at once.
 */
export async function syncDueJobs(
  { db }: Store,
  intervalHours: number,
  actor = 'auto-sync',
): Promise<number> {
  const dueBefore = new Date(Date.now() - intervalHours * 3_600_000)
  const synced = await db.$queryRaw<unknown[]>`
    WITH due AS (
      SELECT id, job_name, selected_build_id FROM job_version_selections
      WHERE auto_sync_enabled AND last_sync_time <= ${dueBefore}
      ORDER BY id FOR UPDATE
    ), newest AS (
      SELECT due.*, coalesce(build.id, due.selected_build_id) AS build_id
      FROM due LEFT JOIN LATERAL (
        SELECT id FROM build_info WHERE job_name = due.job_name ORDER BY created_at DESC, id DESC LIMIT 1
      ) AS build ON true
    ), moved AS (
      UPDATE job_version_selections AS job
      SET selected_build_id = newest.build_id, last_sync_time = now(), updated_at = now()
      FROM newest WHERE job.id = newest.id
    ), noted AS (
      INSERT INTO job_version_history (job_name, build_id, selected_by, reason)
      SELECT job_name, build_id, ${actor}, 'auto' FROM newest WHERE build_id IS DISTINCT FROM selected_build_id
    )
    SELECT pg_notify(${LIVE_CHANNEL}, json_build_object('topic', 'job', 'id', job_name)::text)::text FROM newest`
  return synced.length
}

export async function setAutoSync(
  { db }: Store,
  jobName: string,
  enabled: boolean,
  actor: Actor,
): Promise<void> {
  await db.$transaction(async tx => {
    const before = await getJobVersion(tx, jobName)
    await tx.jobVersion.update({ where: { jobName }, data: { autoSyncEnabled: enabled } })
    await recordChange(tx, {
      actor,
      action: 'set auto-sync',
      subject: jobName,
      before: { auto_sync: before.autoSyncEnabled },
      after: { auto_sync: enabled },
    })
    await announceChange(tx, { topic: 'job', id: jobName })
  })
}
