import type { Queryable } from '../database/client.ts'
import { runStates } from '../database/states.ts'
import { Prisma } from '../generated/prisma/client.ts'
import { storable } from '../lib/text.ts'

/** What the cards are filtered by, as the address has it. */
export const CARD_STATES = ['failing', 'passed', 'unknown', 'active', 'never', 'newer'] as const
export type CardState = (typeof CARD_STATES)[number]

export interface CardFilter {
  search?: string
  state?: CardState
  /** Whose items: triggered by them lately, or of builds of theirs. */
  mine?: string
}

/** Pinned items first, then those that fail, each in the order of their names. */
export async function findItems(db: Queryable, filter: CardFilter, pinned: number[]): Promise<number[]> {
  const conditions = [
    searchCondition(filter.search),
    stateCondition(filter.state),
    mineCondition(filter.mine),
  ]
  const items = await db.$queryRaw<{ id: number }[]>`
    SELECT item.id
    FROM test_items AS item
    LEFT JOIN LATERAL (
      SELECT status, outcome FROM deploy_test_runs
      WHERE test_item_id = item.id AND status IN ${runStates.terminal} AND status <> 'CANCELLED'
      ORDER BY id DESC LIMIT 1
    ) AS verdict ON true
    WHERE ${Prisma.join(conditions, ' AND ')}
    ORDER BY item.id = ANY(${pinned}::int[]) DESC,
      CASE
        WHEN verdict.outcome = 'failed' THEN 0
        WHEN verdict.status = 'FAILED' THEN 1
        WHEN verdict.outcome = 'unknown' THEN 2
        ELSE 3
      END,
      item.name, item.id`
  return items.map(({ id }) => id)
}

const ALL = Prisma.sql`true`

function searchCondition(search: string | undefined): Prisma.Sql {
  if (!search) return ALL
  const pattern = `%${storable(search).replace(/[\\%_]/g, '\\$&')}%`
  return Prisma.sql`(item.name ILIKE ${pattern} OR item.description ILIKE ${pattern}
    OR item.associated_job_name ILIKE ${pattern})`
}

const STATE_CONDITIONS: Record<CardState, Prisma.Sql> = {
  failing: Prisma.sql`(verdict.outcome = 'failed' OR verdict.status = 'FAILED')`,
  passed: Prisma.sql`verdict.outcome = 'passed'`,
  unknown: Prisma.sql`verdict.outcome = 'unknown'`,
  never: Prisma.sql`verdict.status IS NULL`,
  active: Prisma.sql`item.id IN (
    SELECT test_item_id FROM deploy_test_runs WHERE status IN ${runStates.unfinished}
  )`,
  newer: Prisma.sql`EXISTS (
    SELECT FROM job_version_selections AS job
    LEFT JOIN build_info AS selected ON selected.id = job.selected_build_id
    WHERE job.job_name = item.associated_job_name AND EXISTS (
      SELECT FROM build_info WHERE job_name = job.job_name
        AND (created_at, id) > (coalesce(selected.created_at, '-infinity'), coalesce(selected.id, 0))
    )
  )`,
}

function stateCondition(state: CardState | undefined): Prisma.Sql {
  return state ? STATE_CONDITIONS[state] : ALL
}

const RECENT_RUNS = 200

/** Jenkins names people by their address or by what is before its @. */
function mineCondition(email: string | undefined): Prisma.Sql {
  if (!email) return ALL
  const names = [email, email.split('@')[0] ?? email]
  return Prisma.sql`(
    item.id IN (
      SELECT test_item_id FROM (
        SELECT test_item_id FROM deploy_test_runs WHERE triggered_by = ${email}
        ORDER BY id DESC LIMIT ${RECENT_RUNS}
      ) AS recent
    ) OR EXISTS (
      SELECT FROM job_version_selections AS job
      JOIN LATERAL (
        (SELECT build_user FROM build_info WHERE id = job.selected_build_id)
        UNION ALL
        (SELECT build_user FROM build_info WHERE job_name = job.job_name ORDER BY created_at DESC, id DESC LIMIT 1)
      ) AS build ON true
      WHERE job.job_name = item.associated_job_name AND lower(build.build_user) = ANY(${names})
    )
  )`
}
