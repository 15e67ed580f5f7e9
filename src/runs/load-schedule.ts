import type { Queryable } from '../database/client.ts'
import { runStates } from '../database/states.ts'
import { Prisma } from '../generated/prisma/client.ts'
import { getSettings } from '../settings/settings.ts'
import { type Place, remainingSeconds, type Schedule, type WaitingRun } from './schedule.ts'

export interface PlaceRow extends Place {
  testServerUrl: string
}

export interface LoadedSchedule extends Schedule {
  places: PlaceRow[]
  waiting: (WaitingRun & { testItemId: number })[]
  usual: Map<number, number>
}

export async function loadSchedule(db: Queryable): Promise<LoadedSchedule> {
  const [{ places, waiting }, { queue_paused: queuePaused }] = await Promise.all([
    loadRows(db),
    getSettings(db),
  ])
  const items = [...waiting, ...places].flatMap(({ testItemId }) => testItemId ?? [])
  const usual = await usualDurations(db, [...new Set(items)])
  return {
    places: places.map(row => placeFrom(row, usual)),
    waiting: waiting.map(run => ({ ...run, usualSeconds: usual.get(run.testItemId) ?? null })),
    usual,
    queuePaused,
  }
}

interface PlaceColumns
  extends Pick<PlaceRow, 'id' | 'name' | 'labels' | 'state' | 'runId' | 'held' | 'testServerUrl'> {
  testItemId: number | null
  elapsedSeconds: number | null
}

interface Rows {
  places: PlaceColumns[]
  waiting: Omit<LoadedSchedule['waiting'][number], 'usualSeconds'>[]
}

/** In one statement: a run that starts meanwhile is either waiting or active. */
async function loadRows(db: Queryable): Promise<Rows> {
  const [rows] = await db.$queryRaw<Rows[]>`
    WITH place AS (
      SELECT place.id, place.name, place.labels, place.state, place.test_server_url AS "testServerUrl",
        holder.id IS NOT NULL AS held, run.id AS "runId", run.test_item_id AS "testItemId",
        extract(epoch FROM now() - run.started_at)::float AS "elapsedSeconds"
      FROM environments place
      LEFT JOIN run_environments holder ON holder.environment_id = place.id AND holder.released_at IS NULL
      LEFT JOIN deploy_test_runs run ON run.id = holder.run_id AND run.attempt = holder.attempt
        AND run.status IN ${runStates.active}
    ), waiting AS (
      SELECT run.id, run.test_item_id AS "testItemId", run.environment_labels AS labels,
        run.wanted_environment_id AS "wantedEnvironmentId", run.environments_needed AS needed,
        coalesce(run.queue_order, run.id) AS turn,
        CASE WHEN run.attempt = 1 THEN '[]'::jsonb ELSE (
          SELECT coalesce(jsonb_agg(jsonb_build_object('environmentId', environment_id,
            'secondsAgo', extract(epoch FROM now() - ended_at))), '[]')
          FROM run_environments WHERE run_id = run.id AND error_key IS NOT NULL AND environment_id IS NOT NULL
        ) END AS tried
      FROM deploy_test_runs run
      WHERE run.status = 'PENDING'
    )
    SELECT (SELECT coalesce(jsonb_agg(place ORDER BY id), '[]') FROM place) AS places,
      (SELECT coalesce(jsonb_agg(to_jsonb(waiting) - 'turn' ORDER BY turn, id), '[]') FROM waiting) AS waiting`
  return rows ?? { places: [], waiting: [] }
}

function placeFrom(
  { testItemId, elapsedSeconds, ...place }: PlaceColumns,
  usual: Map<number, number>,
): PlaceRow {
  const usualSeconds = usual.get(testItemId ?? 0) ?? null
  const busySeconds = remainingSeconds(usualSeconds, elapsedSeconds ?? 0)
  return { ...place, busySeconds: place.runId === null ? 0 : busySeconds, isKnown: usualSeconds !== null }
}

const HISTORY = 10

async function usualDurations(db: Queryable, itemIds: number[]): Promise<Map<number, number>> {
  if (!itemIds.length) return new Map()
  const rows = await db.$queryRaw<{ test_item_id: number; seconds: number }[]>`
    SELECT item.id AS test_item_id, (percentile_cont(0.5) WITHIN GROUP (ORDER BY last.seconds))::float AS seconds
    FROM unnest(ARRAY[${Prisma.join(itemIds)}]::int[]) AS item(id),
      LATERAL (
        SELECT extract(epoch FROM finished_at - started_at) AS seconds
        FROM deploy_test_runs
        WHERE test_item_id = item.id AND status IN ${runStates.succeeded}
        ORDER BY id DESC LIMIT ${HISTORY}
      ) AS last
    GROUP BY item.id`
  return new Map(rows.map(row => [row.test_item_id, row.seconds]))
}

export async function mayStartAny(db: Queryable): Promise<boolean> {
  const [row] = await db.$queryRaw<{ may: boolean }[]>`
    SELECT EXISTS (SELECT FROM deploy_test_runs WHERE status = 'PENDING') AND EXISTS (
      SELECT FROM environments place WHERE state = 'ready' AND NOT EXISTS (
        SELECT FROM run_environments WHERE environment_id = place.id AND released_at IS NULL)) AS may`
  return row?.may ?? false
}
