import type { Queryable } from '../database/client.ts'

export async function usageOfWeek(db: Queryable): Promise<Map<number, number>> {
  const rows = await db.$queryRaw<{ id: number; part: number }[]>`
    SELECT environment_id AS id, least(1, sum(extract(epoch FROM
        coalesce(released_at, ended_at, now()) - greatest(started_at, now() - interval '7 days'))) / 604800)::float AS part
    FROM run_environments
    WHERE environment_id IS NOT NULL AND (coalesce(released_at, ended_at) IS NULL
      OR coalesce(released_at, ended_at) > now() - interval '7 days')
    GROUP BY environment_id`
  return new Map(rows.map(({ id, part }) => [id, part]))
}

export async function hasSeveral(db: Queryable): Promise<boolean> {
  return (await db.environment.count()) > 1
}
