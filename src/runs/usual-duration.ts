import type { Queryable } from '../database/client.ts'
import { runStates } from '../database/states.ts'
import type { StepName } from '../generated/prisma/enums.ts'
import type { RunModel as Run } from '../generated/prisma/models.ts'

/** Medians of an item's last finished runs. */
export interface UsualDuration {
  ms: number
  steps: Partial<Record<StepName, number>>
}

const HISTORY = 10

export async function findUsualDuration(db: Queryable, testItemId: number): Promise<UsualDuration | null> {
  const rows = await db.$queryRaw<{ name: StepName | null; ms: number }[]>`
    WITH run AS (
      SELECT id, attempt, started_at, finished_at FROM deploy_test_runs
      WHERE test_item_id = ${testItemId} AND status IN ${runStates.succeeded} AND started_at IS NOT NULL
      ORDER BY id DESC LIMIT ${HISTORY}
    ), took AS (
      SELECT NULL AS name, finished_at - started_at AS time FROM run
      UNION ALL
      SELECT step.name::text, step.end_time - step.start_time
      FROM run JOIN deploy_test_steps step ON step.run_id = run.id AND step.attempt = run.attempt
      WHERE step.status = 'COMPLETED'
    )
    SELECT name, percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM time)) * 1000 AS ms
    FROM took WHERE time IS NOT NULL GROUP BY name`
  const whole = rows.find(({ name }) => name === null)
  if (!whole) return null
  const steps = rows.filter(({ name }) => name !== null).map(({ name, ms }) => [name, ms])
  return { ms: whole.ms, steps: Object.fromEntries(steps) }
}

/** How far an active run is, as far as that can be said: past its usual end it is due, then overdue. */
export interface Course {
  state: 'going' | 'due' | 'overdue'
  elapsedMs: number
  usualMs: number
  leftMs: number
}

/** Much longer: twice as long, and not by seconds only. */
const OVERDUE_FACTOR = 2
const OVERDUE_MS = 60_000

export function isOverdue(elapsedMs: number, usualMs: number | null): boolean {
  if (usualMs === null) return false
  return elapsedMs > OVERDUE_FACTOR * usualMs && elapsedMs > usualMs + OVERDUE_MS
}

export function courseOf(
  { startedAt, finishedAt }: Pick<Run, 'startedAt' | 'finishedAt'>,
  usual: UsualDuration | null,
  now = new Date(),
): Course | null {
  if (!startedAt || finishedAt || !usual) return null
  const elapsedMs = Math.max(0, now.getTime() - startedAt.getTime())
  const leftMs = Math.max(0, usual.ms - elapsedMs)
  const late = isOverdue(elapsedMs, usual.ms) ? 'overdue' : 'due'
  return { state: leftMs > 0 ? 'going' : late, elapsedMs, usualMs: usual.ms, leftMs }
}
