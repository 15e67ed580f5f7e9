import type { Queryable } from '../database/client.ts'
import type { AlertRuleModel as AlertRule } from '../generated/prisma/models.ts'
import { type ReportSummary, shownRate } from '../lib/report-summary.ts'
import { SUCCEEDED } from '../lib/run-status.ts'
import { isOverdue } from '../runs/usual-duration.ts'

/** Whether a rule holds for an item now, by what its runs say. */
export type Assessment = { holds: boolean; runId: number } & (
  | { kind: 'pass_rate'; rate: number }
  | { kind: 'duration'; ms: number; usualMs: number }
  | { kind: 'no_run'; lastAt: Date }
)

/** null: the runs say nothing, and what held before holds on. */
export function assessRule(
  db: Queryable,
  rule: AlertRule,
  testItemId: number,
  now: Date,
): Promise<Assessment | null> {
  if (rule.kind === 'pass_rate') return assessPassRate(db, testItemId, rule.threshold)
  if (rule.kind === 'duration') return assessDuration(db, testItemId)
  return assessLastRun(db, testItemId, rule.threshold, now)
}

/** Among these are two with figures, but for an item whose reports are broken. */
const RUNS_READ = 20

/** It begins with two runs in a row, and is over with one. */
async function assessPassRate(
  db: Queryable,
  testItemId: number,
  percent: number,
): Promise<Assessment | null> {
  const runs = await db.run.findMany({
    ...{ where: { testItemId, status: 'COMPLETED' }, select: { id: true, summary: true } },
    ...{ orderBy: { id: 'desc' }, take: RUNS_READ },
  })
  const rated = runs.flatMap(({ id, summary }) => {
    const rate = summary ? shownRate(summary as unknown as ReportSummary) : null
    return rate === null ? [] : [{ id, rate }]
  })
  const [last, previous] = rated
  if (!last) return null
  const about = { kind: 'pass_rate', runId: last.id, rate: last.rate } as const
  if (last.rate >= percent) return { ...about, holds: false }
  return previous && previous.rate < percent ? { ...about, holds: true } : null
}

const HISTORY = 10
const LEAST_HISTORY = 3

/** The usual: the median of the runs before. */
async function assessDuration(db: Queryable, testItemId: number): Promise<Assessment | null> {
  const runs = await db.run.findMany({
    where: {
      testItemId,
      status: { in: [...SUCCEEDED] },
      startedAt: { not: null },
      finishedAt: { not: null },
    },
    ...{ orderBy: { id: 'desc' }, take: HISTORY + 1 },
    select: { id: true, startedAt: true, finishedAt: true },
  })
  const [last, ...before] = runs.map(({ id, startedAt, finishedAt }) => ({
    ...{ id, ms: Number(finishedAt) - Number(startedAt) },
  }))
  if (!last || before.length < LEAST_HISTORY) return null
  const usualMs = medianOf(before.map(({ ms }) => ms))
  return { kind: 'duration', runId: last.id, ms: last.ms, usualMs, holds: isOverdue(last.ms, usualMs) }
}

function medianOf(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length / 2
  const [low = 0, high = low] = sorted.slice(Math.ceil(middle) - 1, Math.floor(middle) + 1)
  return (low + high) / 2
}

const DAY_MS = 24 * 3_600_000

async function assessLastRun(
  db: Queryable,
  testItemId: number,
  days: number,
  now: Date,
): Promise<Assessment | null> {
  const last = await db.run.findFirst({
    ...{ where: { testItemId }, orderBy: { id: 'desc' }, select: { id: true, createdAt: true } },
  })
  if (!last) return null
  const holds = last.createdAt.getTime() < now.getTime() - days * DAY_MS
  return { kind: 'no_run', runId: last.id, lastAt: last.createdAt, holds }
}
