import { LIVE_CHANNEL } from '../database/live.ts'
import type { Prisma } from '../generated/prisma/client.ts'

export interface StoredRow {
  place: number
  id: number
  created: boolean
  build_user: string | null
  raw_data: Prisma.JsonValue | null
  created_at: Date | null
  announced_by: string | null
  has_package: boolean | null
  package_checked_at: Date | null
}

/**
 * Builds as a JSON array go in; new ones are stored in its order. A job that has no build selected yet gets its first,
 * and each job is announced to open pages once. A new build is marked for the items that are tested on each. A build
 * that another transaction stores at the same time is left out. Earlier builds are looked up one by one, and only for
 * those that were not new: a prepared statement keeps the plan that was good while the table was small, and a join
 * would go on to read all of it.
 */
export const STORE_BUILDS = `
  WITH input AS (
    SELECT *, row_number() OVER (PARTITION BY job_name, build_number, package_path ORDER BY place) AS occurrence
    FROM jsonb_to_recordset($1::jsonb) AS build(place int, job_name text, build_number int, package_path text,
      build_user text, raw_data jsonb, created_at timestamptz, announced_by text)
  ), inserted AS (
    INSERT INTO build_info (job_name, build_number, package_path, build_user, raw_data, created_at, announced_by)
    SELECT job_name, build_number, package_path, build_user, raw_data, created_at, announced_by
    FROM input WHERE occurrence = 1 ORDER BY place
    ON CONFLICT (job_name, build_number, package_path) DO NOTHING
    RETURNING id, job_name, build_number, package_path
  ), known AS MATERIALIZED (
    SELECT * FROM input WHERE NOT EXISTS (
      SELECT FROM inserted
      WHERE (inserted.job_name, inserted.build_number, inserted.package_path)
        = (input.job_name, input.build_number, input.package_path))
  ), stored AS (
    SELECT input.place, input.job_name, input.build_user, inserted.id, input.occurrence = 1 AS created,
      NULL::text AS earlier_user, NULL::jsonb AS earlier_data, NULL::timestamptz AS earlier_time,
      NULL::text AS announced_by, NULL::boolean AS has_package, NULL::timestamptz AS package_checked_at
    FROM input JOIN inserted USING (job_name, build_number, package_path)
    UNION ALL
    SELECT known.place, known.job_name, known.build_user, earlier.id, false,
      earlier.build_user, earlier.raw_data, earlier.created_at,
      earlier.announced_by, earlier.has_package, earlier.package_checked_at
    FROM known CROSS JOIN LATERAL (
      SELECT * FROM build_info AS build
      WHERE (build.job_name, build.build_number, build.package_path)
        = (known.job_name, known.build_number, known.package_path)
      LIMIT 1) AS earlier
  ), first AS (
    SELECT DISTINCT ON (job_name) job_name, id, build_user FROM stored
    WHERE NOT EXISTS (
      SELECT FROM job_version_selections AS job
      WHERE job.job_name = stored.job_name AND (job.selected_build_id IS NOT NULL OR NOT job.auto_sync_enabled))
    ORDER BY job_name, place
  ), selected AS (
    INSERT INTO job_version_selections AS job (job_name, selected_build_id)
    SELECT job_name, id FROM first ORDER BY job_name
    ON CONFLICT (job_name) DO UPDATE
    SET selected_build_id = excluded.selected_build_id, last_sync_time = now(), updated_at = now()
    WHERE job.selected_build_id IS NULL AND job.auto_sync_enabled
    RETURNING job_name
  ), history AS (
    INSERT INTO job_version_history (job_name, build_id, selected_by, reason)
    SELECT job_name, id, build_user, 'first' FROM first JOIN selected USING (job_name)
  ), announced AS (
    SELECT pg_notify('${LIVE_CHANNEL}', json_build_object('topic', 'job', 'id', job_name)::text)
    FROM (SELECT DISTINCT job_name FROM stored) AS job
  ), marked AS (
    INSERT INTO build_triggers (build_id, test_item_id)
    SELECT inserted.id, item.id FROM inserted
    JOIN test_items AS item ON item.associated_job_name = inserted.job_name AND item.trigger_on_build
    RETURNING build_id
  ), woken AS (
    SELECT pg_notify('${LIVE_CHANNEL}', json_build_object('topic', 'build', 'id', max(build_id))::text)
    FROM marked HAVING count(*) > 0
  )
  SELECT place, id, created, earlier_user AS build_user, earlier_data AS raw_data, earlier_time AS created_at,
    announced_by, has_package, package_checked_at
  FROM stored, (SELECT count(*) FROM announced) AS done, (SELECT count(*) FROM woken) AS waked`
